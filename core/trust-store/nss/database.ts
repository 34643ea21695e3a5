/** Reads and edits one NSS database through certutil; every statement about it comes from reading it. */
import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import {
  type Certificate,
  certificatePem,
  fingerprint256,
  parseCertificate,
} from '../../x509/certificate.ts';
import { commonName } from '../../x509/name.ts';
import { parsePem } from '../../x509/pem.ts';
import { readRequest } from '../../x509/request.ts';
import type { ToolRun } from '../run-tool.ts';
import { writeSecretFile } from '../workspace.ts';
import { type NssTools, refusal, runNssTool } from './tools.ts';

export interface NssEntry {
  readonly nickname: string;
  readonly certificate: Certificate;
  /** SHA-256 of the DER, hex. */
  readonly id: string;
  readonly hasKey: boolean;
  readonly trust: { readonly server: boolean; readonly client: boolean };
}

/** A database with what is needed to open it: the tools and a file that holds its master password. */
export interface NssDatabase {
  readonly path: string;
  readonly tools: NssTools;
  /** Private directory of this run. */
  readonly workspace: string;
  readonly passwordFile: string;
}

function certutil({ path, tools }: NssDatabase, ...args: readonly string[]): Promise<ToolRun> {
  return runNssTool(tools, 'certutil', ['-d', `sql:${path}`, ...args]);
}

function checked(database: NssDatabase, run: ToolRun): ToolRun {
  if (run.exitCode !== 0) throw refusal('certutil', database.path, run);
  return run;
}

/** Makes an empty database without a master password, as Chromium does. @throws Problem STORE_… */
export async function createDatabase(database: NssDatabase): Promise<void> {
  checked(database, await certutil(database, '-N', '--empty-password'));
}

/** @throws Problem STORE_LOCKED when the password file does not open the key half of the database. */
export async function unlock(database: NssDatabase): Promise<void> {
  const run = await certutil(database, '-K', '-f', database.passwordFile);
  if (run.exitCode !== 0 && !/no keys found/.test(run.stderr + run.stdout))
    throw refusal('certutil', database.path, run);
}

/** Every certificate in the database. @throws Problem STORE_DAMAGED, STORE_TOOL_FAILED */
export async function listEntries(database: NssDatabase): Promise<readonly NssEntry[]> {
  const nicknames = parseNicknames(checked(database, await certutil(database, '-L')).stdout);
  const entries = new Map<string, NssEntry>();
  for (const nickname of new Set(nicknames)) {
    // One nickname may stand for many certificates of one subject (renewals); both forms print them all.
    const pem = await certutil(database, '-L', '-n', nickname, '-a');
    const pretty = await certutil(database, '-L', '-n', nickname);
    const trust = parseTrust(pretty.stdout);
    for (const { bytes } of parsePem(pem.stdout, 'NSS listing')) {
      const entry = readEntry(nickname, bytes, trust);
      if (entry) entries.set(entry.id, entry);
    }
  }
  return [...entries.values()];
}

function readEntry(
  nickname: string,
  der: Uint8Array,
  trust: ReadonlyMap<string, ReadonlySet<string>>,
): NssEntry | undefined {
  try {
    const certificate = parseCertificate(der);
    const id = fingerprint256(der);
    const flags = trust.get(id);
    return {
      // certutil puts the token's name in front of a nickname that has a colon of its own.
      nickname: nickname.replace(/^NSS Certificate DB:/, ''),
      certificate,
      id,
      hasKey: flags?.has('User') === true,
      trust: { server: flags?.has('Trusted CA') === true, client: flags?.has('Trusted Client CA') === true },
    };
  } catch {
    // Somebody else's certificate that is not DER by our rules must not hide all the others.
    return undefined;
  }
}

/** The nickname column of `certutil -L`; a nickname may itself hold line ends. */
export function parseNicknames(listing: string): readonly string[] {
  const [, table = ''] = listing.split(/^\s+SSL,S\/MIME,JAR\/XPI\n/m);
  const nicknames: string[] = [];
  let pending = '';
  for (const line of table.replace(/^\n/, '').split('\n')) {
    const row = /^(.*?) +[a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]* *$/.exec(line);
    if (row) {
      nicknames.push(pending + row[1]!);
      pending = '';
    } else pending += `${line}\n`;
  }
  return nicknames;
}

/** SSL trust words by SHA-256 fingerprint, from the long form of `certutil -L -n`. */
export function parseTrust(pretty: string): ReadonlyMap<string, ReadonlySet<string>> {
  const trust = new Map<string, ReadonlySet<string>>();
  const pattern =
    /^ {4}Fingerprint \(SHA-256\):\n {8}([0-9A-F:]{95})\n[\s\S]*?^ {4}Certificate Trust Flags:\n {8}SSL Flags:\n((?: {12}.*\n)*)/gm;
  for (const [, fingerprint, flags] of pretty.matchAll(pattern))
    trust.set(
      fingerprint!.replaceAll(':', '').toLowerCase(),
      new Set(flags!.split('\n').map((flag) => flag.trim())),
    );
  return trust;
}

/**
 * CKA_ID that NSS gives a key: SHA-1 of the RSA modulus or of the EC point. Undefined for other keys.
 */
export function keyId(spki: Uint8Array): string | undefined {
  try {
    const jwk = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({
      format: 'jwk',
    });
    const decode = (field: string | undefined): Buffer => Buffer.from(field ?? '', 'base64url');
    const value =
      jwk.kty === 'RSA' ? decode(jwk.n) : Buffer.concat([Buffer.of(4), decode(jwk.x), decode(jwk.y)]);
    return createHash('sha1').update(value).digest('hex');
  } catch {
    return undefined;
  }
}

/**
 * Lets the key in the database sign a request over a nonce and verifies that with the certificate's own public
 * key. The key never leaves the database. False when there is no such key or it signs with another.
 */
export async function proveKey(database: NssDatabase, certificate: Certificate): Promise<boolean> {
  const id = keyId(certificate.spki);
  if (id === undefined) return false;
  const nonce = randomBytes(16).toString('hex');
  const run = await certutil(
    database,
    '-R',
    '-a',
    '-k',
    id,
    '-s',
    `CN=${nonce}`,
    '-Z',
    'SHA256',
    '-f',
    database.passwordFile,
  );
  if (run.exitCode !== 0) return false;
  try {
    const request = readRequest(Buffer.from(run.stdout));
    return commonName(request.subject) === nonce && keyId(request.spki) === id;
  } catch {
    return false;
  }
}

/** Adds a certificate, or sets the trust of one that is there. `flags` as in certutil -t: `CT,C,C`, `,,`. */
export async function addCertificate(
  database: NssDatabase,
  nickname: string,
  certificate: Certificate,
  flags: string,
): Promise<void> {
  const file = await writeSecretFile(
    database.workspace,
    `${randomBytes(8).toString('hex')}.pem`,
    certificatePem(certificate.der),
  );
  checked(
    database,
    await certutil(
      database,
      '-A',
      '-n',
      nickname,
      '-t',
      flags,
      '-a',
      '-i',
      file,
      '-f',
      database.passwordFile,
    ),
  );
}

/** Imports a PKCS#12 with key and chain. @throws Problem STORE_… */
export async function importPkcs12(
  database: NssDatabase,
  pkcs12: Uint8Array,
  password: string,
): Promise<void> {
  const file = await writeSecretFile(database.workspace, 'identity.p12', pkcs12);
  const passwordFile = await writeSecretFile(database.workspace, 'identity.password', password);
  const run = await runNssTool(database.tools, 'pk12util', [
    '-i',
    file,
    '-d',
    `sql:${database.path}`,
    '-w',
    passwordFile,
    '-k',
    database.passwordFile,
  ]);
  if (run.exitCode !== 0) throw refusal('pk12util', database.path, run);
}

/**
 * Removes `target`, its key with it when no other certificate needs that key.
 * A nickname may stand for several certificates, so it is addressed by its key's id (PKCS#11 URI, RFC 7512).
 */
export async function deleteEntry(
  database: NssDatabase,
  target: NssEntry,
  before: readonly NssEntry[],
): Promise<void> {
  const id = keyId(target.certificate.spki);
  const name = id === undefined ? target.nickname : `pkcs11:id=${id.replace(/../g, '%$&')}`;
  const shared = before.some((other) => other.id !== target.id && keyId(other.certificate.spki) === id);
  if (target.hasKey && !shared)
    checked(database, await certutil(database, '-F', '-n', name, '-f', database.passwordFile));
  else await deleteCertificateOnly(database, target, name);
  await restoreMissing(database, target, before);
}

/** `certutil -D` takes the newest of several certificates with one key, so it is repeated until the right one is gone. */
async function deleteCertificateOnly(database: NssDatabase, target: NssEntry, name: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    checked(database, await certutil(database, '-D', '-n', name));
    if (!(await listEntries(database)).some(({ id }) => id === target.id)) return;
  }
}

/** Puts back what went together with the target. */
async function restoreMissing(
  database: NssDatabase,
  target: NssEntry,
  before: readonly NssEntry[],
): Promise<void> {
  const left = new Set((await listEntries(database)).map(({ id }) => id));
  for (const entry of before.filter(({ id }) => id !== target.id && !left.has(id)).toReversed())
    await addCertificate(database, entry.nickname, entry.certificate, trustFlags(entry.trust));
}

/** What certutil -t writes for a CA that vouches for both, for one, or for nothing. */
export function trustFlags({ server, client }: NssEntry['trust']): string {
  if (!server && !client) return ',,';
  return `${server ? 'C' : ''}${client ? 'T' : ''},C,C`;
}
