// npm start: installs and builds what is missing, then opens the app. npm start -- --tour takes the tour in the terminal.
import { join } from 'node:path';
import { runInForeground } from './foreground.mjs';
import { ensureSystemJudges, storeTools } from './system-judges.mjs';
import { ensureDependencies, environment, requireNode, root, SetupError } from './toolchain.mjs';
import { ensureWindow } from './window.mjs';

try {
  ensureDependencies({ install: true });
  ensureSystemJudges({ install: true, programs: storeTools });
  const node = requireNode();
  const given = process.argv.slice(2);
  const tour = given.includes('--tour');
  if (!tour) ensureWindow(node);
  const mainJob = [
    join(root, 'cli', 'main.ts'),
    tour ? 'tour' : 'app',
    ...given.filter((option) => option !== '--tour'),
  ];
  process.exitCode = await runInForeground(node, mainJob, {
    cwd: process.cwd(),
    env: environment(),
  });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
