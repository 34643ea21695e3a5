/** One octet changed, anywhere, in anything that Warifu keeps or hands out: it is found, and named. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { Problem } from '../../../contract/problem.ts';
import { readBackup } from '../../../core/backup/container.ts';
import type { Core } from '../../../core/create-core.ts';
import { readTransfer, requireSignedBy } from '../../../core/transfer/file.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { CoreDesk, furnish, issue } from '../desk.ts';

const ca = '割符 CA';
const flipsOf = { vault: 500, certificates: 500, audit: 500, backup: 500, authority: 400, requests: 200 };
const desk = new CoreDesk();
let core: Core;
let backup: Buffer;
let authority: Buffer;
let requests: Buffer;
let caDer: Buffer;
/** Behind Warifu's back: without checks, so that anything can be written. */
let raw: DatabaseSync;

/** The same places in every run: a failure can be looked at again. */
function* places(name: string, count: number): Generator<{ at: number; bit: number }> {
  for (let n = 0; n < count; n++) {
    const digest = createHash('sha256').update(`${name} ${n}`).digest();
    yield { at: digest.readUInt32BE(0), bit: 1 << (digest[4]! % 8) };
  }
}

function flipped(octets: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(octets);
  copy[at % copy.length]! ^= bit;
  return copy;
}

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return 'nothing';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    return code;
  }
};

before(async () => {
  core = desk.open('home');
  const { client } = core;
  await furnish(client, ca);
  for (const name of ['山田', '佐藤', '鈴木']) await issue(client, ca, name);
  await client.certificate.revoke({ certificate: '鈴木' });
  const made = await client.backup.create();
  backup = Buffer.from(await made.file.arrayBuffer());
  authority = Buffer.from(await (await client.transfer.export({ authority: ca })).file.arrayBuffer());
  const { fingerprint } = await client.authority.get({ authority: ca });
  caDer = Buffer.from(JSON.parse(authority.toString().split('\n')[0]!).authority.certificate, 'base64');
  const connected = desk.open('connected').client;
  await connected.vault.initialize({ passphrase: 'correct horse battery', keychain: false });
  await connected.transfer.import({ file: new Blob([authority]), fingerprint });
  const wanted = { authority: ca, subject: 'CN=田中', keyAlgorithm: 'ec-p256' } as const;
  await connected.transfer.requestCertificate(wanted);
  requests = Buffer.from(await (await connected.transfer.export({ authority: ca })).file.arrayBuffer());
  raw = new DatabaseSync(desk.path('home/registry.db'), { enableForeignKeyConstraints: false });
  raw.exec('PRAGMA ignore_check_constraints = ON');
});
after(async () => {
  raw?.close();
  await desk[Symbol.asyncDispose]();
});

test(`the vault: ${flipsOf.vault} flips`, async () => {
  const path = desk.path('home/vault.json');
  const good = readFileSync(path);
  const { client } = core;
  for (const { at, bit } of places('vault', flipsOf.vault)) {
    writeFileSync(path, flipped(good, at, bit));
    const code = await codeOf(() => client.vault.status());
    assert.ok(['VAULT_DAMAGED', 'VAULT_NEWER'].includes(code), `octet ${at % good.length}: ${code}`);
  }
  writeFileSync(path, good);
  assert.equal((await client.vault.status()).state, 'unlocked');
});

/** Flips an octet of one column of one row, lets `look` look, and puts it back. */
async function flipColumn(
  table: string,
  key: string,
  { at, bit }: { at: number; bit: number },
  look: (where: string) => Promise<void>,
): Promise<void> {
  const rows = raw.prepare(`SELECT * FROM ${table} ORDER BY ${key}`).all();
  const row = rows[at % rows.length]!;
  const columns = Object.keys(row).filter((name) => name !== key && row[name] !== null && row[name] !== '');
  const column = columns[(at >>> 8) % columns.length]!;
  const value = row[column] as string | Uint8Array;
  const octets = typeof value === 'string' ? Buffer.from(value) : value;
  const changed = flipped(octets, at >>> 4, bit);
  const written = typeof value === 'string' ? Buffer.from(changed).toString('latin1') : changed;
  const set = raw.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`);
  set.run(written, row[key]!);
  try {
    await look(`${table}.${column} of ${row[key]}`);
  } finally {
    set.run(value, row[key]!);
  }
}

test(`the certificate rows: ${flipsOf.certificates} flips`, async () => {
  for (const place of places('certificates', flipsOf.certificates))
    await flipColumn('certificates', 'id', place, async (where) => {
      const code = await codeOf(() => core.rooms.context.registry.verify());
      assert.ok(['REGISTRY_ROW_DAMAGED', 'REGISTRY_DAMAGED'].includes(code), `${where}: ${code}`);
    });
  core.rooms.context.registry.verify();
});

test(`the audit log: ${flipsOf.audit} flips`, async () => {
  const { client } = core;
  for (const place of places('audit', flipsOf.audit))
    await flipColumn('audit', 'seq', place, async (where) => {
      const { ok, broken } = await client.audit.verify({});
      assert.equal(ok, false, where);
      const seq = Number(where.split(' ').at(-1));
      // A changed link shows at the record itself, or at the one that points at it.
      assert.ok(broken !== null && Math.abs(broken.seq - seq) <= 1, `${where}: ${JSON.stringify(broken)}`);
    });
  assert.ok((await client.audit.verify({})).ok);
});

test('an audit log that lost its end, its kept end, or what it tells of', async () => {
  const { client } = core;
  const verdict = async () => {
    const { broken, missing } = await client.audit.verify({});
    return broken?.kind ?? missing.map(({ what }) => what);
  };
  const put = (table: string, rows: readonly Record<string, unknown>[]): void => {
    for (const row of rows) {
      const names = Object.keys(row);
      raw
        .prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`)
        .run(...(Object.values(row) as string[]));
    }
  };
  for (const [table, where, expected] of [
    ['audit', 'seq = (SELECT max(seq) FROM audit)', 'truncated'],
    ['audit', 'seq > 3', 'truncated'],
    ['audit', 'seq = 2', 'gap'],
    ['settings', `key = 'audit.anchor'`, 'anchor'],
    ['certificates', `common_name = '佐藤'`, ['certificate']],
    ['revocations', '1', ['revocation']],
    ['crls', '1', ['crl']],
    ['crls', 'number = (SELECT min(number) FROM crls)', ['crl']],
  ] as const) {
    const rows = raw.prepare(`SELECT * FROM ${table} WHERE ${where}`).all();
    assert.ok(rows.length > 0, table);
    raw.exec(`DELETE FROM ${table} WHERE ${where}`);
    assert.deepEqual(await verdict(), expected, `${table} WHERE ${where}`);
    put(table, rows);
  }
  const [log, settings] = ['audit', 'settings'].map((table) => raw.prepare(`SELECT * FROM ${table}`).all());
  raw.exec(`DELETE FROM audit; DELETE FROM settings WHERE key = 'audit.anchor'`);
  assert.equal(await verdict(), 'truncated', 'everything wiped');
  put('audit', log!);
  put(
    'settings',
    settings!.filter(({ key }) => key === 'audit.anchor'),
  );
  for (const { at, bit } of places('anchor', 60)) {
    const { value } = raw.prepare(`SELECT value FROM settings WHERE key = 'audit.anchor'`).get() as {
      value: string;
    };
    const set = raw.prepare(`UPDATE settings SET value = ? WHERE key = 'audit.anchor'`);
    set.run(Buffer.from(flipped(Buffer.from(value), at, bit)).toString('latin1'));
    assert.ok(['anchor', 'truncated', 'rewritten'].includes(String(await verdict())), `anchor, octet ${at}`);
    set.run(value);
  }
  assert.deepEqual(await verdict(), []);
});

test('a log cut off and sealed anew by somebody with an old copy of the file shows against a head on paper', async () => {
  const { client } = core;
  const { seq, hash } = await client.audit.head();
  assert.ok((await client.audit.verify({ anchors: [{ seq, hash }] })).ok);
  const { broken } = await client.audit.verify({ anchors: [{ seq: seq + 1, hash }] });
  assert.deepEqual(broken, { seq: seq + 1, kind: 'truncated' });
  const other = await client.audit.verify({ anchors: [{ seq, hash: 'ab'.repeat(32) }] });
  assert.deepEqual(other.broken, { seq, kind: 'rewritten' });
});

test(`a backup: ${flipsOf.backup} flips`, async () => {
  for (const { at, bit } of places('backup', flipsOf.backup)) {
    const code = await codeOf(() => readBackup(new Blob([flipped(backup, at, bit)])));
    assert.ok(
      ['NOT_A_BACKUP', 'BACKUP_DAMAGED', 'BACKUP_NEWER'].includes(code),
      `octet ${at % backup.length}: ${code}`,
    );
  }
  await readBackup(new Blob([backup]));
});

test('a backup whose digest was made right as well is found by its seal', async () => {
  const { client } = core;
  const { recoveryCode } = await client.vault.renewRecoveryCode();
  const fresh = Buffer.from(await (await client.backup.create()).file.arrayBuffer());
  for (const { at } of places('forged backup', 12)) {
    const body = flipped(fresh.subarray(0, -32), at, 1);
    const digest = createHash('sha256').update(body).digest();
    const file = new Blob([body, digest]);
    const credential = { slot: 'recovery-code', recoveryCode } as const;
    const code = await codeOf(() => client.backup.restore({ file, credential }));
    assert.ok(/DAMAGED|WRONG_RECOVERY_CODE|SLOT_ABSENT/.test(code), `octet ${at}: ${code}`);
  }
});

for (const [name, of] of [
  ['authority', () => authority],
  ['requests', () => requests],
] as const)
  test(`a transfer file (${name}): ${flipsOf[name]} flips`, async () => {
    const read = async (octets: Uint8Array): Promise<void> => {
      const file = await readTransfer(new Blob([octets as Uint8Array<ArrayBuffer>]));
      if (file.head.kind === 'authority') requireSignedBy(file, parseCertificate(caDer), ca);
    };
    for (const { at, bit } of places(name, flipsOf[name])) {
      const code = await codeOf(() => read(flipped(of(), at, bit)));
      assert.match(
        code,
        /^(NOT_A_TRANSFER_FILE|TRANSFER_(DAMAGED|NEWER|FORGED))$/,
        `octet ${at % of().length}`,
      );
    }
    await read(of());
  });

test('a transfer file whose digest was made right as well was not signed by its CA', async () => {
  const text = authority.toString();
  const lines = text.split('\n');
  const end = text.indexOf('{"digest"');
  const body = text.slice(0, end).replace('"crlDays":30', '"crlDays":90');
  assert.notEqual(body, text.slice(0, end));
  const digest = createHash('sha256').update(body).digest('hex');
  const forged = `${body}{"digest":"${digest}"}\n${lines.at(-2)}\n`;
  const file = await readTransfer(new Blob([forged]));
  assert.equal(await codeOf(() => requireSignedBy(file, parseCertificate(caDer), ca)), 'TRANSFER_FORGED');
});
