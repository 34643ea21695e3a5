/** The app in the browser, until Ctrl-C or until the terminal goes away. */
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../contract/problem.ts';
import type { Session } from '../session.ts';
import type { Register } from './register.ts';

const builtWindow = fileURLToPath(new URL('../../dist/renderer', import.meta.url));

export const registerApp: Register = (program, { text, action }) => {
  program
    .command('app')
    .description(text.commands.app)
    .option('--no-browser', text.options.noBrowser)
    .action(
      action(async (session, options: { browser: boolean }) => {
        // Loaded when it is asked for, so that every other command starts without it.
        const [{ startHost }, { hostLog }, { readWindowFiles }, { hasDisplay, openInBrowser }] =
          await Promise.all([
            import('../../host/host.ts'),
            import('../../host/host-log.ts'),
            import('../../host/window-files.ts'),
            import('../../host/browser.ts'),
          ]);
        const files = readWindowFiles(builtWindow);
        if (!files) throw new Problem('WINDOW_NOT_BUILT', {});
        const host = await startHost({ core: session.core, files, log: hostLog(session.home) });
        const leftBehind: (() => void)[] = [];
        const offer = (first: boolean): void => {
          const address = host.newAddress();
          if (first) session.result({ address }, () => text.results.appReady(address));
          else session.progress(address);
          if (options.browser && hasDisplay(process.platform, process.env))
            leftBehind.push(openInBrowser(address, session.home));
        };
        try {
          offer(true);
          goBeforeCalculations();
          await untilTheEnd(session, () => offer(false));
        } finally {
          for (const remove of leftBehind) remove();
          await host.close();
        }
      }),
    );

  /**
   * Somebody looks at what this thread answers. A browser, and Electron, do the same for the thread of their window;
   * where the system wants a privilege for it, this goes on as it is.
   */
  function goBeforeCalculations(): void {
    try {
      setPriority(constants.priority.PRIORITY_ABOVE_NORMAL);
    } catch {}
  }

  /** Ctrl-C, a signal, or a parent that is gone. Enter at a terminal asks for another address. */
  async function untilTheEnd(session: Session, another: () => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.once(signal, () => resolve());
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, 1000);
    if (process.stdin.isTTY) {
      session.progress(text.results.appAnother);
      process.stdin.on('data', another).resume();
    }
    await promise;
    clearInterval(watch);
    process.stdin.pause();
  }
};
