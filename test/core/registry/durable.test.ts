/** What is called done is on the disk: the system's own record of what was written and synced, and when. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { missing } from '../x509/tool-bench.ts';
import { withDirectory } from './records.ts';

const program = (path: string): string => `
  import { writeSync } from 'node:fs';
  import { Registry } from ${JSON.stringify(join(import.meta.dirname, '../../../core/registry/registry.ts'))};
  const registry = Registry.open(${JSON.stringify(path)}, { clock: () => new Date() });
  const set = (value) => (rows) => rows.settings.set('a', value);
  const done = (what) => writeSync(2, 'done: ' + what + '\\n');
  registry.write(set('1'));
  done('write');
  const first = registry.writeAside(set('2'));
  done('only written');
  await first;
  done('write aside');
  registry.write(set('3'));
  done('write after it');
  await Promise.all([registry.writeAside(set('4')), registry.writeAside(set('5'))]);
  done('two at once');
`;

/** Before each word of the program: was the log synced after it was last written? */
function syncedAt(trace: string): [string, boolean][] {
  const said: [string, boolean][] = [];
  let isSynced = true;
  const syncing = new Set<string>();
  for (const line of trace.split('\n')) {
    const [thread = ''] = line.split(' ', 1);
    const done = /write\(2.*"done: ([^"\\]+)/.exec(line)?.[1];
    const isOfLog = line.includes('registry.sqlite-wal>');
    if (done !== undefined) said.push([done, isSynced]);
    else if (isOfLog && line.includes('pwrite64(')) isSynced = false;
    // What others do meanwhile stands between the two halves of a call.
    else if (isOfLog && /f(data)?sync\(.*<unfinished/.test(line)) syncing.add(thread);
    else if (isOfLog && /f(data)?sync\(/.test(line)) isSynced = true;
    else if (/f(data)?sync resumed/.test(line) && syncing.delete(thread)) isSynced = true;
  }
  return said;
}

test('every write is synced before it is called done, aside or not', { skip: missing('strace') }, () =>
  withDirectory((directory) => {
    const trace = join(directory, 'trace');
    const node = [
      process.execPath,
      '--input-type=module',
      '--eval',
      program(join(directory, 'registry.sqlite')),
    ];
    const watch = ['-f', '-qq', '-y', '-s', '60', '-e', 'trace=write,pwrite64,fsync,fdatasync', '-o', trace];
    const { status, stderr } = spawnSync('strace', [...watch, ...node], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.deepEqual(syncedAt(readFileSync(trace, 'utf8')), [
      ['write', true],
      // Not yet: this is what others have their turn for.
      ['only written', false],
      ['write aside', true],
      ['write after it', true],
      ['two at once', true],
    ]);
  }),
);
