/**
 * The process that gets killed. It says on stdout what is about to happen and what has been acknowledged, a JSON line
 * each, written at once. Arguments: MODE HOME RECOVERY-CODE [FILE …].
 */
import { openAsBlob, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { authorityName, openCore } from './home.ts';

const [mode, home, code, ...rest] = process.argv.slice(2) as [string, string, string, ...string[]];
const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const core = openCore(home);
const { client } = core;
const credential = { slot: 'recovery-code', recoveryCode: code } as const;

const pick = <T>(choices: readonly T[]): T => choices[Math.floor(Math.random() * choices.length)]!;
const made: string[] = [];

const work: Readonly<Record<string, (n: number) => Promise<void>>> = {
  async issue(n) {
    const { id, serial } = await client.certificate.issue({
      authority: authorityName,
      subject: `CN=${process.pid} ${n}`,
      keyAlgorithm: 'ec-p256',
    });
    made.push(id);
    say({ issued: { id, serial } });
  },
  async revoke() {
    const id = made.pop();
    if (id === undefined) return;
    const { serial } = await client.certificate.revoke({ certificate: id, reason: 'superseded' });
    say({ revoked: serial });
  },
  async crl() {
    const { number, entries } = await client.authority.publishCrl({ authority: authorityName });
    say({ crl: { number, entries } });
  },
  async passphrase(n) {
    const current = passphrase;
    const next = `passphrase ${process.pid} ${n}`;
    say({ changingTo: next });
    await client.vault.changePassphrase({ current, next });
    passphrase = next;
    say({ changedTo: next });
  },
  async backup(n) {
    const { file } = await client.backup.create();
    const path = join(rest[1]!, `backup ${process.pid} ${n}`);
    writeFileSync(path, Buffer.from(await file.arrayBuffer()), { flush: true });
    backups.push(path);
    say({ backup: path });
  },
  async restore() {
    const path = backups.at(-1);
    if (path === undefined) return;
    await client.backup.restore({ file: await openAsBlob(path), credential });
    await client.vault.unlock(credential);
    say({ restored: path });
  },
};

let passphrase = rest[0] ?? '';
const backups: string[] = [];

if (mode === 'migrate') {
  await client.vault.status();
  say({ migrated: true });
} else if (mode === 'swap') {
  for (let n = 0; ; n++) {
    const [path = '', recoveryCode = ''] = n % 2 === 0 ? [rest[0], rest[1]] : [rest[2], rest[3]];
    await client.backup.restore({
      file: await openAsBlob(path),
      credential: { slot: 'recovery-code', recoveryCode },
    });
    say({ restored: path });
  }
} else {
  await client.vault.unlock(credential);
  say({ ready: true });
  for (let n = 0; ; n++) {
    const what = pick([
      'issue',
      'issue',
      'issue',
      'issue',
      'revoke',
      'crl',
      'passphrase',
      'backup',
      'restore',
    ]);
    await work[what]!(n);
  }
}
await core.close();
