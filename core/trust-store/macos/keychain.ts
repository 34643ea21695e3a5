/** Reads and edits one keychain through `security`; every statement about it comes from reading it. */
import { Problem } from '../../../contract/problem.ts';
import {
  type Certificate,
  certificatePem,
  fingerprint1,
  isSelfIssued,
  parseCertificate,
} from '../../x509/certificate.ts';
import { isAuthority } from '../../x509/chain.ts';
import { parsePem } from '../../x509/pem.ts';
import type { ToolRun } from '../run-tool.ts';
import { normalizeThumbprint, type StoreHost } from '../store.ts';
import { writeSecretFile } from '../workspace.ts';
import { means, refusal, security, securityUnseen } from './security.ts';

/** A keychain with what is needed to work on it. */
export interface Keychain {
  readonly path: string;
  readonly host: StoreHost;
  /** Private directory of this run. */
  readonly workspace: string;
}

export interface KeychainEntry {
  readonly certificate: Certificate;
  /** SHA-1 of the DER, lower-case hex: what every version of `security` goes by. */
  readonly sha1: string;
  /** The keychain pairs it with a private key that can sign. */
  readonly hasKey: boolean;
  /** The system's own verdict on this certificate as a CA; false for those that are none. */
  readonly trusted: boolean;
}

async function checked(keychain: Keychain, run: ToolRun): Promise<ToolRun> {
  if (run.exitCode !== 0) throw await refusal(keychain.host, keychain.path, run);
  return run;
}

/** Opens it for this login session, when a password is given. @throws Problem STORE_LOCKED */
export async function unlock(keychain: Keychain, password: string | undefined): Promise<void> {
  if (password === undefined) return;
  await checked(
    keychain,
    await securityUnseen(keychain.host, 'unlock-keychain', '-p', password, keychain.path),
  );
}

/** Every certificate in it. @throws Problem STORE_ABSENT, STORE_LOCKED, STORE_TOOL_FAILED */
export async function listEntries(keychain: Keychain): Promise<readonly KeychainEntry[]> {
  const run = await security(keychain.host, 'find-certificate', '-a', '-Z', '-p', keychain.path);
  if (means(run, 'notFound')) return [];
  const certificates = parsePem((await checked(keychain, run)).stdout, 'keychain listing').flatMap(
    ({ bytes }) => readable(bytes),
  );
  if (certificates.length === 0) return [];
  const withKeys = await identities(keychain);
  const entries: KeychainEntry[] = [];
  for (const certificate of certificates) {
    const sha1 = thumbprintOf(certificate);
    if (entries.some((entry) => entry.sha1 === sha1)) continue;
    entries.push({
      certificate,
      sha1,
      hasKey: withKeys.has(sha1),
      trusted: isAuthority(certificate) && (await isTrusted(keychain, certificate)),
    });
  }
  return entries;
}

export function thumbprintOf({ der }: Certificate): string {
  return normalizeThumbprint(fingerprint1(der));
}

/** Somebody else's certificate that is not DER by our rules must not hide all the others. */
function readable(der: Uint8Array): readonly Certificate[] {
  try {
    return [parseCertificate(der)];
  } catch {
    return [];
  }
}

/** SHA-1 of every certificate that the keychain pairs with a private key that may sign, valid or not. */
async function identities(keychain: Keychain): Promise<ReadonlySet<string>> {
  const run = await security(keychain.host, 'find-identity', '-p', 'basic', keychain.path);
  if (means(run, 'notFound')) return new Set();
  return parseIdentities((await checked(keychain, run)).stdout);
}

/** Lines such as `  1) 0123…CDEF "山田 太郎" (CSSMERR_TP_NOT_TRUSTED)`. */
export function parseIdentities(listing: string): ReadonlySet<string> {
  return new Set([...listing.matchAll(/^ *\d+\) ([0-9A-F]{40}) "/gm)].map(([, sha1]) => sha1!.toLowerCase()));
}

/**
 * Asks the system whether it would take this CA, without going to the network (-L) and as a CA (-l). Under the basic
 * policy, since the one for TLS judges it like a server's certificate and refuses long lives. Exit code and words
 * must agree, so that a program that does nothing proves nothing.
 */
async function isTrusted(keychain: Keychain, authority: Certificate): Promise<boolean> {
  const file = await certificateFile(keychain, authority);
  const run = await security(keychain.host, 'verify-cert', '-c', file, '-l', '-L', '-p', 'basic');
  return run.exitCode === 0 && run.stdout.includes('certificate verification successful');
}

async function certificateFile({ workspace }: Keychain, certificate: Certificate): Promise<string> {
  const name = `${thumbprintOf(certificate)}-${process.hrtime.bigint()}.pem`;
  return writeSecretFile(workspace, name, certificatePem(certificate.der));
}

/**
 * Imports a PKCS#12 with key and chain; the key cannot be taken out again (-x). Only the program that put it in may
 * use it unasked, so macOS asks once for each browser. The result is not judged here: whoever calls reads back.
 */
export async function importPkcs12(
  { host, path, workspace }: Keychain,
  pkcs12: Uint8Array,
  password: string,
): Promise<ToolRun> {
  // Without its suffix some versions do not know the file for what it is, -f or not.
  const file = await writeSecretFile(workspace, 'identity.p12', pkcs12);
  return securityUnseen(host, 'import', file, '-k', path, '-f', 'pkcs12', '-P', password, '-x');
}

/** Without trust, so that chains can be built. @throws Problem STORE_… */
export async function addCertificate(keychain: Keychain, certificate: Certificate): Promise<void> {
  const file = await writeSecretFile(keychain.workspace, `${thumbprintOf(certificate)}.cer`, certificate.der);
  const run = await security(keychain.host, 'add-certificates', '-k', keychain.path, file);
  if (!means(run, 'duplicate')) await checked(keychain, run);
}

/**
 * Lets the system ask the person whether this CA may vouch, for this user alone and for TLS and chains alone. That
 * they refuse, that nobody can be asked or that nobody answers in time is no error: the caller reads back what became
 * of it.
 */
export async function trustAuthority(keychain: Keychain, authority: Certificate): Promise<void> {
  const file = await certificateFile(keychain, authority);
  // trustRoot is for self-signed certificates alone, and these take nothing else.
  const kind = isSelfIssued(authority) ? 'trustRoot' : 'trustAsRoot';
  const policies = ['-p', 'ssl', '-p', 'basic'];
  const words = ['add-trusted-cert', '-r', kind, ...policies, '-k', keychain.path, file];
  await security(keychain.host, ...words).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
  });
}

/** Removes `target`, its key with it when no other certificate needs that key, its trust when it had any. */
export async function deleteEntry(
  keychain: Keychain,
  target: KeychainEntry,
  entries: readonly KeychainEntry[],
): Promise<ToolRun> {
  const shared = entries.some(
    (other) =>
      other.sha1 !== target.sha1 && Buffer.compare(other.certificate.spki, target.certificate.spki) === 0,
  );
  const command = target.hasKey && !shared ? 'delete-identity' : 'delete-certificate';
  const trust = target.trusted ? ['-t'] : [];
  return security(keychain.host, command, '-Z', target.sha1.toUpperCase(), ...trust, keychain.path);
}
