// npm start: installs and builds what is missing, then opens the app (Electron, else the browser). npm start -- --tour takes the tour in the terminal.
import { join } from 'node:path';
import { electronBinary } from './electron-binary.mjs';
import { runInForeground } from './foreground.mjs';
import { ensureSystemJudges, storeTools } from './system-judges.mjs';
import { ensureDependencies, environment, requireNode, root, SetupError } from './toolchain.mjs';
import { ensureBuiltCommandLine, ensureDesktop, ensureWindow } from './window.mjs';

try {
  ensureDependencies({ install: true });
  ensureSystemJudges({ install: true, programs: storeTools });
  const node = requireNode();
  const given = process.argv.slice(2);
  const tour = given.includes('--tour');
  const electron = tour || given.length > 0 ? undefined : electronBinary();
  if (!tour) ensureWindow(node);
  if (electron !== undefined) ensureDesktop(node);
  else if (!tour) ensureBuiltCommandLine(node);
  const commandLine = [
    // Built, it is there in half the time: a person waits for the app to open, the tour takes its time anyway.
    join(root, ...(tour ? [] : ['dist']), 'cli', 'warifu.mjs'),
    tour ? 'tour' : 'app',
    ...given.filter((option) => option !== '--tour'),
  ];
  // A window of its own where there is Electron; else the browser, which `app` opens or prints the address for.
  process.exitCode = await runInForeground(electron ?? node, electron === undefined ? commandLine : [root], {
    cwd: process.cwd(),
    env: environment(),
  });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
