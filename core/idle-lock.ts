/** After how many minutes without use the vault locks itself: a setting, 10 unless somebody chose otherwise. */
import { Problem } from '../contract/problem.ts';
import { audit, type CoreContext } from './context.ts';
import type { Registry } from './registry/registry.ts';

const key = 'vault.idle-minutes';
const usual = 10;

/** 0 for never. The usual limit holds while the registry cannot be read: an open vault is never without one. */
export function idleMinutes(registry: () => Registry): number {
  let chosen: string | undefined;
  try {
    chosen = registry().read((rows) => rows.settings.get(key));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
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
