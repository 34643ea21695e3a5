// npm run pack:check: installs what is missing, packs around a stub of Electron, and looks at the result.
import { join } from 'node:path';
import { runInForeground } from './foreground.mjs';
import { ensureSystemJudges } from './system-judges.mjs';
import { ensureDependencies, environment, requireNode, root, SetupError } from './toolchain.mjs';

try {
  ensureDependencies({ install: true });
  ensureSystemJudges({ install: true, programs: ['chromium'] });
  process.exitCode = await runInForeground(
    requireNode(),
    ['--test', '--test-reporter=spec', join(root, 'test', 'package', 'pack-check.ts')],
    { cwd: root, env: environment() },
  );
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
