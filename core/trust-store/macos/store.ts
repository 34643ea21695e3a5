/** The login keychain of macOS: Safari, Chrome, Edge and Firefox all take client certificates from it. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../../contract/problem.ts';
import type {
  DiagnosisFinding,
  InstallResult,
  RemoveResult,
  StoredCertificate,
  StoreSummary,
} from '../../../contract/trust-store.ts';
import { type Certificate, fingerprint256 } from '../../x509/certificate.ts';
import { isAuthority, orderChain } from '../../x509/chain.ts';
import { commonName, nameText } from '../../x509/name.ts';
import { writePkcs12 } from '../../x509/pkcs12/write.ts';
import { systemStorePreference } from '../firefox/system-store.ts';
import { resolveIdentity } from '../identity.ts';
import {
  type DiagnoseOptions,
  homeOf,
  type InstallOptions,
  normalizeThumbprint,
  type RemoveOptions,
  type StoreAccess,
  type StoreHost,
  type StoreIdentity,
  type TrustStore,
} from '../store.ts';
import { withWorkspace } from '../workspace.ts';
import { diagnoseKeychain } from './diagnose.ts';
import {
  addCertificate,
  deleteEntry,
  importPkcs12,
  type Keychain,
  type KeychainEntry,
  listEntries,
  thumbprintOf,
  trustAuthority,
  unlock,
} from './keychain.ts';
import { refusal } from './security.ts';
import { proveKey } from './signature.ts';

export class KeychainStore implements TrustStore {
  readonly id = 'keychain';
  readonly label = 'macOS login keychain';
  readonly path: string;
  readonly #host: StoreHost;

  constructor(host: StoreHost) {
    this.#host = host;
    const folder = join(homeOf(host), 'Library', 'Keychains');
    // Before macOS 10.12 the file had no second suffix; one that was kept since is still in use.
    this.path =
      ['login.keychain-db', 'login.keychain']
        .map((name) => join(folder, name))
        .find((path) => existsSync(path)) ?? join(folder, 'login.keychain-db');
  }

  summary(): StoreSummary {
    const { id, label, path } = this;
    return {
      id,
      kind: 'keychain',
      label,
      path,
      readBy: ['Safari', 'Chrome', 'Edge', `Firefox (${systemStorePreference})`],
      state: existsSync(path) ? 'present' : 'absent',
      used: true,
    };
  }

  install(identity: StoreIdentity, options: InstallOptions): Promise<InstallResult> {
    return this.#open(options, async (keychain) => {
      // Whatever is wrong with the identity is found here, in our own words, before a tool runs.
      const { key, leaf, issuers, others, friendlyName } = await resolveIdentity(identity);
      const top = issuers.at(-1);
      if (options.trustCa && !top) throw new Problem('STORE_CA_ABSENT', { subject: nameText(leaf.subject) });
      const before = await listEntries(keychain);
      const present = find(before, leaf)?.hasKey === true;
      let entries = before;
      if (!present) {
        const password = randomBytes(24).toString('base64url');
        const certificates = [leaf, ...issuers, ...others].map(({ der }) => der);
        const pkcs12 = writePkcs12({ profile: 'compatible', password, friendlyName, key, certificates });
        const run = await importPkcs12(keychain, pkcs12, password);
        entries = await this.#requireInstalled(keychain, leaf, before, run);
      }
      if (top && !find(entries, top)) {
        await addCertificate(keychain, top);
        entries = await listEntries(keychain);
      }
      // The system's question comes last: whatever the answer is, the identity stays installed.
      if (top && options.trustCa && !find(entries, top)?.trusted) {
        await trustAuthority(keychain, top);
        entries = await listEntries(keychain);
      }
      return this.#describeInstall(entries, before, leaf, top, present, options.trustCa);
    });
  }

  /**
   * Reads back; a complaint of the tool counts only when something is missing (it also complains about a CA that is
   * there already). A half of an import is taken out again.
   */
  async #requireInstalled(
    keychain: Keychain,
    leaf: Certificate,
    before: readonly KeychainEntry[],
    run: Awaited<ReturnType<typeof importPkcs12>>,
  ): Promise<readonly KeychainEntry[]> {
    const after = await listEntries(keychain);
    const entry = find(after, leaf);
    if (entry?.hasKey && (await proveKey(keychain, leaf)) !== false) return after;
    if (entry && !find(before, leaf)) await deleteEntry(keychain, entry, after);
    if (run.exitCode !== 0) throw await refusal(this.#host, this.path, run);
    throw new Problem('STORE_NOT_INSTALLED', {
      path: this.path,
      missing: entry ? 'private key' : 'certificate',
    });
  }

  #describeInstall(
    after: readonly KeychainEntry[],
    before: readonly KeychainEntry[],
    leaf: Certificate,
    top: Certificate | undefined,
    present: boolean,
    trustCa: boolean,
  ): InstallResult {
    const missing = (what: string): Problem =>
      new Problem('STORE_NOT_INSTALLED', { path: this.path, missing: what });
    const entry = find(after, leaf);
    if (!entry) throw missing('certificate');
    if (!entry.hasKey) throw missing('private key');
    const authority = top && find(after, top);
    if (top && !authority) throw missing('CA certificate');
    const known = top && find(before, top);
    return {
      store: this.summary(),
      outcome: present ? 'already-installed' : 'installed',
      certificate: describe(entry),
      authority: authority
        ? {
            thumbprint: fingerprint256(authority.certificate.der),
            thumbprintSha1: authority.sha1,
            nickname: nicknameOf(authority.certificate),
            subject: nameText(authority.certificate.subject),
            before: !known ? 'absent' : known.trusted ? 'trusted' : 'present',
            trusted: authority.trusted,
            ...(trustCa && !authority.trusted ? { declined: true } : {}),
          }
        : null,
      // Chrome and Safari read the keychain at each handshake, but keep a choice that was made for a site.
      restartBrowser: !present,
      asksAtFirstUse: true,
    };
  }

  async list(): Promise<readonly StoredCertificate[]> {
    if (this.summary().state === 'absent') return [];
    return this.#open({}, async (keychain) => (await listEntries(keychain)).map(describe));
  }

  async find(thumbprint: string): Promise<StoredCertificate | undefined> {
    const wanted = normalizeThumbprint(thumbprint);
    return (await this.list()).find(
      (stored) => stored.thumbprint === wanted || stored.thumbprintSha1 === wanted,
    );
  }

  async remove(thumbprint: string, options: RemoveOptions = {}): Promise<RemoveResult> {
    const wanted = normalizeThumbprint(thumbprint);
    return this.#open(options, async (keychain) => {
      const before = await listEntries(keychain);
      const target = before.find(
        ({ certificate, sha1 }) => sha1 === wanted || fingerprint256(certificate.der) === wanted,
      );
      if (!target) throw new Problem('STORE_CERTIFICATE_UNKNOWN', { path: this.path, thumbprint: wanted });
      const after = await this.#delete(keychain, target, before);
      return {
        store: this.summary(),
        removed: describe(target),
        authority: await this.#removeAuthority(keychain, target, after, options.removeCa === true),
        restartBrowser: true,
      };
    });
  }

  async #delete(
    keychain: Keychain,
    target: KeychainEntry,
    before: readonly KeychainEntry[],
  ): Promise<readonly KeychainEntry[]> {
    const run = await deleteEntry(keychain, target, before);
    const after = await listEntries(keychain);
    if (!find(after, target.certificate)) return after;
    if (run.exitCode !== 0) throw await refusal(this.#host, this.path, run);
    throw new Problem('STORE_NOT_REMOVED', {
      path: this.path,
      thumbprint: fingerprint256(target.certificate.der),
    });
  }

  async #removeAuthority(
    keychain: Keychain,
    removed: KeychainEntry,
    entries: readonly KeychainEntry[],
    asked: boolean,
  ): Promise<RemoveResult['authority']> {
    const pool = entries.map(({ certificate }) => certificate);
    const topOf = ({ certificate }: KeychainEntry): KeychainEntry | undefined => {
      const top = orderChain(certificate, pool).chain.slice(1).at(-1);
      return top && find(entries, top);
    };
    const authority = topOf(removed);
    if (!authority) return { outcome: 'absent', thumbprint: null };
    const thumbprint = fingerprint256(authority.certificate.der);
    if (!asked) return { outcome: 'kept', thumbprint };
    if (entries.some((entry) => entry.hasKey && topOf(entry) === authority))
      return { outcome: 'in-use', thumbprint };
    // Taking its trust away is asked about too; a person who says no keeps it.
    await deleteEntry(keychain, authority, entries);
    const left = find(await listEntries(keychain), authority.certificate);
    return { outcome: left ? 'kept' : 'removed', thumbprint };
  }

  async diagnose(options: DiagnoseOptions): Promise<readonly DiagnosisFinding[]> {
    const summary = this.summary();
    if (summary.state === 'absent') return [{ check: 'store-present', ok: false, detail: this.path }];
    return this.#open(options, (keychain) => diagnoseKeychain(keychain, summary, options));
  }

  #open<T>(access: StoreAccess, work: (keychain: Keychain) => Promise<T>): Promise<T> {
    if (this.summary().state === 'absent') throw new Problem('STORE_ABSENT', { path: this.path });
    return withWorkspace(async (workspace) => {
      const keychain = { path: this.path, host: this.#host, workspace };
      await unlock(keychain, access.storePassword);
      return work(keychain);
    });
  }
}

function find(entries: readonly KeychainEntry[], certificate: Certificate): KeychainEntry | undefined {
  const sha1 = thumbprintOf(certificate);
  return entries.find((entry) => entry.sha1 === sha1);
}

/** Keychain Access shows the common name. */
function nicknameOf({ subject }: Certificate): string {
  return commonName(subject) || nameText(subject);
}

function describe({ certificate, sha1, hasKey, trusted }: KeychainEntry): StoredCertificate {
  return {
    thumbprint: fingerprint256(certificate.der),
    thumbprintSha1: sha1,
    nickname: nicknameOf(certificate),
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: certificate.serial,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    hasKey,
    authority: isAuthority(certificate),
    // The keychain knows one trust for both.
    trust: { server: trusted, client: trusted },
  };
}
