import { type AppSettings, appSettings } from '../../contract/settings.ts';
import type { CoreContext } from '../context.ts';
import { os } from './base.ts';

const key = 'app';
const standard: AppSettings = { language: null, theme: 'system' };

/** What an older or newer version left and cannot be read counts as not chosen. */
function load({ registry }: CoreContext): AppSettings {
  const stored = registry.read((rows) => rows.settings.get(key));
  const parsed = appSettings.safeParse(stored === undefined ? undefined : JSON.parse(stored));
  return parsed.success ? parsed.data : standard;
}

export const settings = os.settings.router({
  get: os.settings.get.handler(({ context: { context } }) => load(context)),
  set: os.settings.set.handler(({ input, context: { context } }) => {
    const before = load(context);
    const chosen: AppSettings = {
      language: input.language === undefined ? before.language : input.language,
      theme: input.theme ?? before.theme,
    };
    context.registry.write((rows) => rows.settings.set(key, JSON.stringify(chosen)));
    return chosen;
  }),
});
