/**
 * Kills Warifu at random moments, again and again, and looks at what is left each time: nothing acknowledged may be
 * lost, no serial doubled, no vault unreadable, and everything that may have been signed must be listed.
 *
 *     node test/crash/crash-loop.ts KILLS
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openAsBlob, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Registry } from '../../core/registry/registry.ts';
import { authorityName, firstPassphrase, makeHome, makeOldRegistry, withCore, Yard } from './home.ts';

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));

export interface Tally {
  kills: number;
  issued: number;
  revoked: number;
  crls: number;
  backups: number;
  restored: number;
  passphrases: number;
  possiblyIssued: number;
}

/** What every worker has been told so far, over all kills. */
class Ledger {
  readonly serials = new Map<string, string>();
  readonly revoked = new Set<string>();
  readonly crlNumbers = new Set<number>();
  passphrase = firstPassphrase;
  pending: string | undefined;
}

/** Starts a worker, kills it between nothing and `longest` ms after its first line; its whole lines. */
// biome-ignore lint/suspicious/noExplicitAny: lines of the worker; each use asserts on what it needs
async function killed(args: readonly string[], longest: number, spareFirst: boolean): Promise<any[]> {
  const child = spawn(process.execPath, [worker, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    complaint += chunk;
  });
  const closed = once(child, 'close');
  if (spareFirst) await Promise.race([closed, once(child.stdout, 'data')]);
  // Mostly early; now and then late enough for the slow operations to come to their end.
  await delay(Math.random() ** 3 * longest);
  child.kill('SIGKILL');
  const [code, signal] = await closed;
  assert.ok(signal === 'SIGKILL' || code === 0, `the worker fell over by itself (${code}):\n${complaint}`);
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

async function round(yard: Yard, home: string, code: string, ledger: Ledger, tally: Tally): Promise<void> {
  const folder = yard.path('backups');
  mkdirSync(folder, { recursive: true });
  const lines = await killed(['work', home, code, ledger.passphrase, folder], 4000, true);
  ledger.pending = undefined;
  const backups: string[] = [];
  for (const line of lines) {
    if (line.issued) {
      assert.ok(!ledger.serials.has(line.issued.serial), `serial ${line.issued.serial} was given twice`);
      ledger.serials.set(line.issued.serial, line.issued.id);
      tally.issued++;
    }
    if (line.revoked) {
      ledger.revoked.add(line.revoked);
      tally.revoked++;
    }
    if (line.crl) {
      assert.ok(!ledger.crlNumbers.has(line.crl.number), `CRL number ${line.crl.number} was given twice`);
      ledger.crlNumbers.add(line.crl.number);
      tally.crls++;
    }
    if (line.changingTo) ledger.pending = line.changingTo;
    if (line.changedTo) {
      ledger.passphrase = line.changedTo;
      ledger.pending = undefined;
      tally.passphrases++;
    }
    if (line.backup) {
      backups.push(line.backup);
      tally.backups++;
    }
    if (line.restored) tally.restored++;
  }
  await examine(home, code, ledger, tally);
  for (const path of backups)
    await withCore(home, async ({ backup }) => backup.inspect({ file: await openAsBlob(path) }));
  rmSync(folder, { recursive: true });
  for (const name of readdirSync(home).filter((entry) => entry.startsWith('before-restore-')))
    rmSync(join(home, name), { recursive: true });
}

async function examine(home: string, code: string, ledger: Ledger, tally: Tally): Promise<void> {
  await withCore(home, async (client) => {
    await client.vault.unlock({ slot: 'recovery-code', recoveryCode: code });
    if (ledger.pending !== undefined) await settlePassphrase(client, ledger);
    const verdict = await client.audit.verify({});
    assert.ok(verdict.ok, `the audit log: ${JSON.stringify(verdict)}`);
    const open = await client.certificate.possiblyIssued();
    tally.possiblyIssued += open.length;
    // Cleared away as its keeper would, so that the next round counts its own.
    for (const { id } of open) await client.certificate.settlePossiblyIssued({ id, decision: 'discard' });
  });
  const registry = Registry.open(join(home, 'registry.db'), { clock: () => new Date() });
  try {
    registry.verify();
    registry.read((rows) => {
      const authority = rows.authorities.byName(authorityName)!;
      for (const [serial, id] of ledger.serials)
        assert.equal(
          rows.certificates.bySerial(authority.id, serial)?.id,
          id,
          `certificate ${serial} is lost`,
        );
      for (const serial of ledger.revoked)
        assert.ok(rows.revocations.get(authority.id, serial), `the revocation of ${serial} is lost`);
      const latest = rows.crls.latest(authority.id)!.number;
      assert.ok(
        [...ledger.crlNumbers].every((number) => number <= latest),
        'a CRL is lost',
      );
      assert.deepEqual(rows.intents.open(), [], 'an intent is not listed');
      assert.equal(rows.certificates.count() - 1 >= ledger.serials.size, true);
    });
  } finally {
    registry.close();
  }
}

type Client = Parameters<Parameters<typeof withCore>[1]>[0];

/** A change that was cut off: one of the two passphrases opens, and only one. */
async function settlePassphrase(client: Client, ledger: Ledger): Promise<void> {
  const opens = async (passphrase: string): Promise<boolean> => {
    try {
      await client.vault.unlock({ slot: 'passphrase', passphrase });
      return true;
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'WRONG_PASSPHRASE');
      return false;
    }
  };
  const [old, fresh] = [await opens(ledger.passphrase), await opens(ledger.pending!)];
  assert.equal(Number(old) + Number(fresh), 1, `old opens: ${old}, new opens: ${fresh}`);
  if (fresh) ledger.passphrase = ledger.pending!;
  ledger.pending = undefined;
}

interface Twin {
  readonly home: string;
  readonly code: string;
  readonly backup: string;
}

async function makeTwin(yard: Yard, name: string): Promise<Twin> {
  const home = yard.path(name);
  const code = await makeHome(home);
  const backup = yard.path(`${name}.warifu-backup`);
  await withCore(home, async (client) => {
    await client.vault.unlock({ slot: 'recovery-code', recoveryCode: code });
    const { file } = await client.backup.create();
    writeFileSync(backup, Buffer.from(await file.arrayBuffer()));
  });
  return { home, code, backup };
}

/** Two different CAs restored over each other: one of them stands there, whole. */
async function swapRound(yard: Yard, [a, b]: readonly [Twin, Twin], tally: Tally): Promise<void> {
  const home = yard.path('swapped');
  const lines = await killed(['swap', home, '-', a.backup, a.code, b.backup, b.code], 2000, true);
  tally.restored += lines.length;
  await withCore(home, async (client) => {
    const { state } = await client.vault.status();
    if (state === 'absent') {
      assert.equal(lines.length, 0);
      assert.deepEqual(await client.authority.list(), []);
      return;
    }
    const opened = [];
    for (const { code } of [a, b]) {
      try {
        await client.vault.unlock({ slot: 'recovery-code', recoveryCode: code });
        opened.push(code);
        break;
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'WRONG_RECOVERY_CODE');
      }
    }
    assert.equal(opened.length, 1, 'neither of the two vaults stands there');
    assert.ok((await client.audit.verify({})).ok);
    await client.authority.publishCrl({ authority: authorityName });
  });
  for (const name of readdirSync(home).filter((entry) => entry.startsWith('before-restore-')))
    rmSync(join(home, name), { recursive: true });
}

async function migrationRound(yard: Yard): Promise<void> {
  const home = yard.path('old');
  makeOldRegistry(home, 500);
  await killed(['migrate', home, '-'], 1500, false);
  const registry = Registry.open(join(home, 'registry.db'), { clock: () => new Date() });
  registry.verify();
  registry.read((rows) => {
    for (let n = 0; n < 500; n++) assert.ok(rows.settings.get(`old ${n}`), `row ${n} is lost`);
    assert.deepEqual(rows.requests.waiting('none'), []);
  });
  registry.close();
  rmSync(home, { recursive: true });
}

/** @throws AssertionError at the first thing that is lost, doubled, unreadable or unlisted */
export async function crashLoop(kills: number, tell: (tally: Tally) => void = () => {}): Promise<Tally> {
  using yard = new Yard();
  const home = yard.path('home');
  const code = await makeHome(home);
  const twins = [await makeTwin(yard, 'a'), await makeTwin(yard, 'b')] as const;
  const ledger = new Ledger();
  const tally: Tally = {
    kills: 0,
    issued: 0,
    revoked: 0,
    crls: 0,
    backups: 0,
    restored: 0,
    passphrases: 0,
    possiblyIssued: 0,
  };
  for (; tally.kills < kills; tally.kills++) {
    if (tally.kills % 8 === 3) await swapRound(yard, twins, tally);
    else if (tally.kills % 8 === 7) await migrationRound(yard);
    else await round(yard, home, code, ledger, tally);
    tell(tally);
  }
  return tally;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const kills = Number(process.argv[2] ?? 500);
  const tally = await crashLoop(kills, (so) => {
    if ((so.kills + 1) % 25 === 0) process.stderr.write(`${so.kills + 1} kills, ${so.issued} issued\n`);
  });
  process.stdout.write(`${JSON.stringify(tally)}\nnothing lost, nothing doubled, nothing unreadable\n`);
}
