import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { WarifuClient } from '../../contract/contract.ts';
import { type Loopback, openLoopback } from './loopback.ts';

async function clientOf(loopback: Loopback): Promise<WarifuClient> {
  const { 'content-type': _, ...headers } = await loopback.letIn();
  return createORPCClient(
    new RPCLink({ url: `${loopback.host.origin}/api`, headers: headers as Record<string, string> }),
  );
}

test('a backup goes out through the loopback web and comes back into an empty home', async () => {
  await using first = await openLoopback();
  await using second = await openLoopback();
  const passphrase = 'correct horse battery';
  const from = await clientOf(first);
  await from.vault.initialize({ passphrase });
  await from.authority.create({ name: 'Kept CA', subject: 'Kept CA', keyAlgorithm: 'rsa-2048' });
  const { file } = await from.backup.create();
  const to = await clientOf(second);
  const { mode } = await to.backup.restore({ file, credential: { slot: 'passphrase', passphrase } });
  assert.equal(mode, 'create');
  assert.deepEqual(
    (await to.authority.list()).map(({ name }) => name),
    ['Kept CA'],
  );
});
