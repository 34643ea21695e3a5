/** A Secret Service of its own for one run: a private D-Bus session with gnome-keyring in it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const needed = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool', 'dbus-send'];

export const secretServiceMissing = needed.find(
  (tool) =>
    !(process.env['PATH'] ?? '').split(delimiter).some((directory) => existsSync(join(directory, tool))),
);

/** One user's keyring, kept between sessions as on a real disk. */
export class KeyringUser implements Disposable {
  readonly home = mkdtempSync(join(tmpdir(), 'warifu 鍵束-'));

  constructor() {
    mkdirSync(join(this.home, 'run'), { mode: 0o700 });
    mkdirSync(join(this.home, '.local', 'share', 'keyrings'), { recursive: true, mode: 0o700 });
  }

  /** Runs a program with this user's keyring: unlocked as at login, or locked as after it was closed. */
  run(state: 'unlocked' | 'locked', command: string, ...args: readonly string[]): string {
    // Any call that activates the service would race a second daemon, so only the bus is asked whether it is there.
    const session = `
      if [ "$1" = unlocked ]; then printf login | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
      else gnome-keyring-daemon --foreground --components=secrets >/dev/null 2>&1 & fi
      daemon=$!; trap 'kill $daemon 2>/dev/null' EXIT; shift
      for i in $(seq 200); do
        dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus \\
          org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q 'boolean true' && break
        sleep 0.05
      done
      "$@"`;
    const run = spawnSync('dbus-run-session', ['--', 'bash', '-c', session, '_', state, command, ...args], {
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        ...process.env,
        HOME: this.home,
        XDG_DATA_HOME: join(this.home, '.local', 'share'),
        XDG_RUNTIME_DIR: join(this.home, 'run'),
        DISPLAY: '',
      },
    });
    if (run.status !== 0) throw new Error(`${command}: exit ${run.status}\n${run.stdout}\n${run.stderr}`);
    return run.stdout;
  }

  [Symbol.dispose](): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
