/** After how many minutes without use the vault locks itself: a setting, 10 unless somebody chose otherwise. */
import { audit, type CoreContext } from './context.ts';
import type { Registry } from './registry/registry.ts';

const key = 'vault.idle-minutes';
const usual = 10;

/** 0 for never. */
export function idleMinutes(registry: Registry): number {
  const chosen = registry.read((rows) => rows.settings.get(key));
  return chosen === undefined ? usual : Number(chosen);
}

/** Holds at once, for a vault that is unlocked now too. */
export function setIdleMinutes(context: CoreContext, minutes: number): void {
  context.registry.write((rows) => {
    rows.settings.set(key, String(minutes));
    audit(context, rows, 'vault.idle-limit-changed', { minutes });
  });
  context.vault.stayAwake();
}
