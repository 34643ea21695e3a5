import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Desk } from './warifu.ts';

const perProcess = 200;

/** Issues `perProcess` certificates one after the other by one command each way: many names, one process. */
test(`two command lines that issue ${perProcess} certificates each at once give ${2 * perProcess} serials and lose none`, async () => {
  using desk = new Desk('二人');
  desk.json('vault', 'init');
  desk.json('ca', 'create', '割符 CA', '--key', 'ec-p256');
  const bulk = (name: string) => {
    const people = Array.from({ length: perProcess }, (_, n) => `CN=${name} ${n}`).join('\n');
    return desk.start(
      '--json',
      'cert',
      'bulk',
      desk.write(name, people),
      '--ca',
      '割符 CA',
      '--key',
      'ec-p256',
    );
  };
  const children = [bulk('甲'), bulk('乙')];
  const outputs = await Promise.all(
    children.map(async (child) => {
      let text = '';
      child.stdout!.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      const [code] = await once(child, 'close');
      assert.equal(code, 0);
      return JSON.parse(text) as { serial: string; id: string }[];
    }),
  );
  const issued = outputs.flat();
  assert.equal(issued.length, 2 * perProcess);
  assert.equal(new Set(issued.map(({ serial }) => serial)).size, 2 * perProcess);
  const { items, total } = desk.json('cert', 'list', '--limit', '1000');
  assert.equal(total, 2 * perProcess + 1);
  const kept = new Set(items.map(({ id }: { id: string }) => id));
  assert.ok(issued.every(({ id }) => kept.has(id)));
  const verdict = desk.json('audit', 'verify');
  assert.deepEqual([verdict.ok, verdict.missing, verdict.broken], [true, [], null]);
  // Made, CA, CRL, and an intent and a certificate for each.
  assert.ok(verdict.records >= 4 * perProcess);
});
