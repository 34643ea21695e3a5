/** A rollout upon a load balancer that stands already: picked from a list, planned as a graph, and taken down again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSlbClient, type SlbClient } from '../../core/slb/client.ts';
import { createLoadBalancer, describeLoadBalancer } from '../../core/slb/load-balancers.ts';
import { hrefOf } from '../../renderer/shell/address.ts';
import { ja } from '../../renderer/speech/ja.ts';
import { isAccessible } from './app/accessible.ts';
import { mouse } from './app/hands.ts';
import { AppWindow } from './app/window.ts';
import type { Desk } from './warifu.ts';

const ca = '割符 CA';

test('a load balancer that stands already is picked, planned, applied upon and left standing', async (t) => {
  // biome-ignore lint/suspicious/noExplicitAny: the line that the simulator prints
  let cloud: any;
  const logIn = (desk: Desk, secret: string): void =>
    desk.json(
      'cloud',
      'login',
      '--access-key-id',
      cloud.accessKeyId,
      '--access-key-secret-file',
      desk.write('secret', secret),
      '--region',
      cloud.regionId,
      '--endpoint',
      cloud.endpoint,
      '--practice',
    );
  await using app = await AppWindow.open({ locale: 'ja-JP' }, async (desk) => {
    cloud = await desk.simulator();
    desk.json('vault', 'init');
    desk.json('ca', 'create', ca, '--key', 'rsa-2048');
    desk.json('server-cert', 'issue', 'front', '--ca', ca, '--host', 'www.example.test');
    desk.json('cert', 'issue', 'CN=山田', '--ca', ca);
    logIn(desk, cloud.accessKeySecret);
  });
  const { page, desk } = app;
  const hands = mouse(page);
  const slb: SlbClient = createSlbClient({
    regionId: cloud.regionId,
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: cloud.accessKeyId, accessKeySecret: cloud.accessKeySecret },
  });
  const labels = ja.pickLoadBalancer;
  const show = async (hash: string): Promise<void> => {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  const wantExisting = async (): Promise<void> => {
    await show(hrefOf('home'));
    await show(hrefOf('guide', 'listener'));
    await page.getByRole('radio', { name: labels.existing }).click();
  };
  const field = page.getByRole('combobox', { name: labels.which });
  const offered = page.getByRole('listbox');
  const unlock = async (): Promise<void> => {
    await hands.press(ja.vault.isLocked);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(ja.vault.kinds.passphrase, { exact: true }).last().fill(desk.passphrase);
    await dialog.getByRole('button', { name: ja.vault.unlock }).click();
    await dialog.waitFor({ state: 'hidden' });
  };

  await t.test('a locked vault is a state of the list, with its way out', async () => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await wantExisting();
    await page.getByRole('alert').getByText('VAULT_LOCKED').first().waitFor();
    await unlock();
  });

  await t.test('none there is said, with what to do', async () => {
    await wantExisting();
    await page.getByText(labels.noneThere).waitFor();
    await isAccessible(page, 'none there');
  });

  let picked = '';
  await t.test('one is found by a part of its name and picked by keyboard', async () => {
    const make = (name: string) =>
      createLoadBalancer(slb, { name, addressType: 'internet', clientToken: crypto.randomUUID() });
    await make('other');
    ({ id: picked } = await make('front-web'));
    // The command line lists the same.
    const listed: { name: string }[] = desk.json('cloud', 'load-balancers');
    assert.deepEqual(listed.map(({ name }) => name).sort(), ['front-web', 'other']);
    await hands.press(labels.askAgain);
    await page.getByText(labels.noneThere).waitFor({ state: 'hidden' });
    await field.click();
    assert.equal(await offered.getByRole('option').count(), 2);
    await page.keyboard.insertText('FRONT');
    const option = offered.getByRole('option', { name: 'front-web' });
    await option.getByText(labels.states.inactive).or(option.getByText(labels.states.active)).waitFor();
    assert.equal(await offered.getByRole('option').count(), 1);
    await isAccessible(page, 'the list');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await field.inputValue(), picked);
  });

  await t.test('the plan is a graph, and the same in words', async () => {
    await page
      .getByLabel(ja.rollout.backends, { exact: true })
      .fill(cloud.backends.map(({ serverId }: { serverId: string }) => `${serverId}:100`).join('\n'));
    await hands.press(ja.rollout.showPlan);
    const words = page.getByRole('list', { name: ja.planGraph.title }).getByRole('listitem');
    await words.first().waitFor();
    const { create, adopt } = ja.plan.actions;
    const { resources } = ja.plan;
    assert.deepEqual(await words.allTextContents(), [
      `${resources['load-balancer']}：front-web：${adopt}`,
      `${ja.planGraph.clients}：${ca}`,
      `${resources.listener}：${ja.planGraph.mutualAuthentication('443')}：${create}`,
      `${resources['ca-certificate']}：${await caName()}：${create}`,
      `${resources['server-certificate']}：front：${create}`,
      ...cloud.backends.map(
        ({ serverId }: { serverId: string }) =>
          `${resources.backends}：${serverId}：${ja.planGraph.weight('100')}：${create}`,
      ),
    ]);
    const picture = page.locator('[data-picture="rollout-graph"]');
    for (const width of [1280, 900, 640]) {
      await page.setViewportSize({ width, height: 800 });
      await page.waitForTimeout(200);
      const [drawn, room] = [await picture.boundingBox(), await page.getByRole('main').boundingBox()];
      assert.ok(drawn!.width > 200 && drawn!.x + drawn!.width <= room!.x + room!.width, `${width}`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await isAccessible(page, 'the plan');
  });

  /** CLB takes ASCII: the name of the CA there is derived, and the table says it too. */
  async function caName(): Promise<string> {
    const row = page.getByRole('row', { name: ja.plan.resources['ca-certificate'] });
    return /CACertificateName ([!-~]+)/.exec((await row.textContent())!)![1]!;
  }

  await t.test('taking it down says for whom, and what stays; the load balancer does', async () => {
    await hands.press(ja.rollout.apply);
    await page.getByText(ja.rollout.settled).or(page.getByText(ja.guide.planAgain)).first().waitFor();
    assert.deepEqual(
      (await describeLoadBalancer(slb, picked))!.listeners.map(({ port }) => port),
      [443],
    );
    await show(hrefOf('load-balancers'));
    await hands.press(ja.takeDown.start);
    const dialog = page.getByRole('dialog');
    await dialog.getByText(ja.takeDown.forWhom(1, ca)).waitFor();
    await dialog.getByText(ja.takeDown.visitors('www.example.test')).waitFor();
    await dialog.getByText(ja.takeDown.listener(443)).waitFor();
    await dialog.getByText(ja.takeDown.loadBalancerStays('front-web', picked)).waitFor();
    await isAccessible(page, 'taking down');
    await dialog.getByRole('button', { name: ja.takeDown.act }).click();
    await dialog.waitFor({ state: 'hidden' });
    const left = await describeLoadBalancer(slb, picked);
    assert.deepEqual([left!.listeners, left!.backends], [[], []]);
  });

  await t.test('a key that may not, and no network, are said; an id can be typed all the same', async () => {
    logIn(desk, 'not-the-secret');
    await wantExisting();
    await hands.press(labels.askAgain);
    await page.getByRole('alert').getByText('SLB_DENIED').first().waitFor();
    await page.getByText(labels.typeAnyway).waitFor();
    await isAccessible(page, 'denied');
    logIn(desk, cloud.accessKeySecret);
    cloud.process.kill('SIGKILL');
    await hands.press(labels.askAgain);
    await page.getByRole('alert').getByText('SLB_UNREACHABLE').first().waitFor();
    await field.fill('lb-typed');
    assert.equal(await field.inputValue(), 'lb-typed');
  });
  assert.deepEqual(app.complaints, []);
});
