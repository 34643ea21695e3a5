/** What all of it is for: installed from the window, and a browser of this person is let in over mutual TLS. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ja } from '../../renderer/speech/ja.ts';
import { mouse } from './app/hands.ts';
import { firstRun, homeHolds, person, sevenSteps } from './app/seven-steps.ts';
import { AppWindow } from './app/window.ts';
import { Visitor, whyNoVisitor } from './visitor.ts';
import { tool } from './warifu.ts';

test('the certificate installed from the window lets Chromium of that home in, and no other', {
  skip: whyNoVisitor,
}, async () => {
  await using app = await AppWindow.open({ locale: 'ja-JP' });
  const { page, desk } = app;
  const hands = mouse(page);
  await firstRun(page, hands, ja);
  await sevenSteps(page, hands, ja);
  await homeHolds(page, ja);

  // NSS's own tool finds it, with its key, in the store that this home's Chromium reads.
  const database = ['.pki/nssdb', '.local/share/pki/nssdb'].map((at) => desk.path(at)).find(existsSync)!;
  const listed = tool('certutil', '-L', '-d', `sql:${database}`);
  assert.match(listed, new RegExp(`${person}\\s.*u,u,u`));

  await hands.visit(ja.pages['load-balancers']);
  const url = `https://${await page.getByText(/^127\.\d+\.\d+\.\d+:\d+$/).textContent()}`;
  using visitor = new Visitor(desk.environment());
  const admitted = await visitor.visit(url, { trusting: false });
  assert.equal(admitted.status, 200);
  assert.match(admitted.title, /i-demo-[12]/);

  const elsewhere = mkdtempSync(join(tmpdir(), 'warifu よその人 -'));
  try {
    using stranger = new Visitor({ ...desk.environment(), HOME: elsewhere });
    assert.deepEqual(await stranger.visit(url, { trusting: true }), {
      status: 400,
      title: '400 No required SSL certificate was sent',
    });
  } finally {
    rmSync(elsewhere, { recursive: true, force: true, maxRetries: 5 });
  }
  assert.deepEqual(app.complaints, []);
});
