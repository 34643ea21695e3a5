/** Whether a Firefox has a profile open. */
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../workspace.ts';

/**
 * On Linux Firefox marks its profile with a link `lock` → `ADDRESS:+PID`, and leaves it behind when it ends, so the
 * process must be there too. A Flatpak numbers its processes by itself; there a leftover may count as running.
 */
export async function profileIsInUse(profile: string): Promise<boolean> {
  const target = await readlink(join(profile, 'lock')).catch(() => '');
  const pid = /:\+?(\d+)$/.exec(target)?.[1];
  return pid !== undefined && isRunning(Number(pid));
}
