/** The desktop app in a real Electron, in English: the same scenario as on the double. */
// only with Electron: its binary is not on the npm registry; where there is one, this is the test that counts
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { _electron, type ElectronApplication } from 'playwright-core';
import { en } from '../../renderer/speech/en.ts';
import { electronBinary } from '../../scripts/electron-binary.mjs';
import { type DesktopUnderTest, desktopScenario } from './app/desktop-scenario.ts';

const root = join(import.meta.dirname, '../..');
/** Dialogs answer what stands here, in the main process. */
interface Answers {
  answers?: string[];
  proposals?: string[];
}

test('a new user of the desktop app in Electron gets from nothing to a green Home', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'warifu 窓 electron-'));
  const app = await _electron.launch({
    executablePath: electronBinary()!,
    // A container's root has no sandbox to enter; everywhere else it is on.
    args: [root, '--lang=en-GB', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...inherited(), WARIFU_HOME: join(directory, 'データ home'), HOME: directory, XDG_DATA_HOME: '' },
  });
  try {
    await whole(t, app, directory);
  } finally {
    await app.close();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
});

async function whole(t: TestContext, app: ElectronApplication, directory: string): Promise<void> {
  const page = await app.firstWindow();
  page.setDefaultTimeout(90_000);
  await app.evaluate(({ dialog }) => {
    const kept = globalThis as Answers;
    dialog.showSaveDialog = async (...given: unknown[]) => {
      const { defaultPath = '' } = given.at(-1) as { defaultPath?: string };
      kept.proposals = [...(kept.proposals ?? []), defaultPath];
      const filePath = kept.answers?.shift();
      return { canceled: filePath === undefined, filePath: filePath ?? '' };
    };
    dialog.showOpenDialog = async () => {
      const filePath = kept.answers?.shift();
      return { canceled: filePath === undefined, filePaths: filePath === undefined ? [] : [filePath] };
    };
  });
  const answer = (paths: readonly string[]): Promise<void> =>
    app.evaluate((_electron, given) => {
      const kept = globalThis as Answers;
      kept.answers = [...(kept.answers ?? []), ...given];
    }, paths);
  const desktop: DesktopUnderTest = {
    page,
    path: (name) => join(directory, name),
    answerSave: (path) => answer([path]),
    answerOpen: answer,
    proposals: () => app.evaluate(() => (globalThis as Answers).proposals ?? []),
    suspend: () => app.evaluate(({ powerMonitor }) => void powerMonitor.emit('suspend')),
  };
  await desktopScenario(t, desktop, en);
  await t.test('Electron itself isolates the page and is sandboxed', async () => {
    assert.equal(await page.evaluate('typeof require + typeof process'), 'undefinedundefined');
    assert.equal(await page.evaluate('location.origin'), 'warifu://app');
    assert.equal(
      await page.evaluate(`fetch('file:///etc/hosts').then(() => 'read', () => 'refused')`),
      'refused',
    );
  });
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
