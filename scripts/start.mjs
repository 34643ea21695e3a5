// npm start: installs what is missing, then does the main job.
import { join } from 'node:path';
import { runInForeground } from './foreground.mjs';
import { ensureSystemJudges, storeTools } from './system-judges.mjs';
import { ensureDependencies, environment, requireNode, root, SetupError } from './toolchain.mjs';

try {
  ensureDependencies({ install: true });
  ensureSystemJudges({ install: true, programs: storeTools });
  const mainJob = [join(root, 'cli', 'main.ts'), 'tour', ...process.argv.slice(2)];
  process.exitCode = await runInForeground(requireNode(), mainJob, {
    cwd: process.cwd(),
    env: environment(),
  });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
