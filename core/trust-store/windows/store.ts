/** The certificate store of the Windows user: Chrome, Edge and Firefox read it, and so does everything of Windows itself. */
import { randomBytes } from 'node:crypto';
import { Problem } from '../../../contract/problem.ts';
import type {
  DiagnosisFinding,
  InstallResult,
  RemoveResult,
  StoredCertificate,
  StoreSummary,
} from '../../../contract/trust-store.ts';
import { type Certificate, fingerprint1, fingerprint256 } from '../../x509/certificate.ts';
import { isAuthority, orderChain } from '../../x509/chain.ts';
import { nameText } from '../../x509/name.ts';
import { writePkcs12 } from '../../x509/pkcs12/write.ts';
import { firefoxSystemStore, systemStorePreference } from '../firefox/system-store.ts';
import { type ResolvedIdentity, resolveIdentity } from '../identity.ts';
import {
  type DiagnoseOptions,
  type InstallOptions,
  normalizeThumbprint,
  type RemoveOptions,
  type StoreHost,
  type StoreIdentity,
  type TrustStore,
} from '../store.ts';
import { browserIsRunning } from './browser.ts';
import {
  addAuthority,
  deleteCertificate,
  importIdentity,
  isCalled,
  readEntries,
  userPath,
  type WindowsEntry,
  withIdentity,
} from './certificates.ts';
import { diagnoseWindows } from './diagnose.ts';
import { deleteKey, proveKey, sameKeyPlace } from './key.ts';
import { loadWindows } from './library.ts';
import type { StoreNames, WindowsSystem } from './system.ts';

export class WindowsStore implements TrustStore {
  readonly id = 'windows';
  readonly label = 'Windows: Chrome, Edge, Firefox';
  readonly path: string;
  readonly #host: StoreHost;
  readonly #load: () => Promise<WindowsSystem>;

  constructor(names: StoreNames, host: StoreHost, load = () => loadWindows(names)) {
    this.#host = host;
    this.path = `${userPath}\\${names.My}`;
    this.#load = load;
  }

  summary(): StoreSummary {
    const { id, label, path } = this;
    const readBy = ['Chrome', 'Edge', `Firefox (${systemStorePreference})`];
    return { id, kind: 'windows', label, path, readBy, state: 'present', used: true };
  }

  async install(identity: StoreIdentity, { trustCa }: InstallOptions): Promise<InstallResult> {
    // Windows has one error for a wrong password, a damaged file and a foreign algorithm; ours come first.
    const resolved = await resolveIdentity(identity);
    const top = resolved.issuers.at(-1);
    if (trustCa && !top) throw new Problem('STORE_CA_ABSENT', { subject: nameText(resolved.leaf.subject) });
    const system = await this.#load();
    const before = readEntries(system, 'all');
    const present = holdsKey(system, resolved.leaf);
    if (!present) importResolved(system, resolved);
    // The key first: whatever becomes of the CA is said of an identity that works.
    if (!present) this.#requireIdentity(system, resolved.leaf);
    if (trustCa && top) await this.#trust(system, top, before);
    for (const issuer of resolved.issuers) await keepForChains(system, issuer);
    return this.#verify(system, resolved, before, present, trustCa);
  }

  async #trust(system: WindowsSystem, top: Certificate, before: readonly WindowsEntry[]): Promise<void> {
    // Trust that is there needs no second question.
    if (!before.some((entry) => entry.id === fingerprint256(top.der) && isTrusted(entry)))
      await addAuthority(system, 'Root', top);
  }

  /** A function can return TRUE and have done nothing: only what the reopened store shows counts. */
  #requireIdentity(system: WindowsSystem, leaf: Certificate): WindowsEntry {
    const missing = (what: string): Problem =>
      new Problem('STORE_NOT_INSTALLED', { path: this.path, missing: what });
    const entry = readEntries(system, 'own').find(
      ({ id, stores }) => id === fingerprint256(leaf.der) && stores.includes('My'),
    );
    if (!entry) throw missing('certificate');
    if (!holdsKey(system, leaf)) throw missing('private key');
    return entry;
  }

  #verify(
    system: WindowsSystem,
    { leaf, issuers }: ResolvedIdentity,
    before: readonly WindowsEntry[],
    present: boolean,
    trustCa: boolean,
  ): InstallResult {
    const entry = this.#requireIdentity(system, leaf);
    const top = issuers.at(-1);
    const authority = top && readEntries(system, 'all').find(({ id }) => id === fingerprint256(top.der));
    if (top && !authority)
      throw new Problem('STORE_NOT_INSTALLED', { path: this.path, missing: 'CA certificate' });
    const known = authority && before.find(({ id }) => id === authority.id);
    return {
      store: this.summary(),
      outcome: present ? 'already-installed' : 'installed',
      certificate: describe(entry),
      authority: authority
        ? {
            thumbprint: authority.id,
            thumbprintSha1: sha1(authority.certificate),
            nickname: authority.nickname,
            subject: nameText(authority.certificate.subject),
            before: !known ? 'absent' : isTrusted(known) ? 'trusted' : 'present',
            trusted: isTrusted(authority),
            // Windows asks in a window of its own, and "No" is an answer.
            ...(trustCa && !isTrusted(authority) ? { declined: true } : {}),
          }
        : null,
      restartBrowser: browserIsRunning(system),
    };
  }

  async list(): Promise<readonly StoredCertificate[]> {
    return readEntries(await this.#load(), 'own').map(describe);
  }

  async find(thumbprint: string): Promise<StoredCertificate | undefined> {
    const found = readEntries(await this.#load(), 'own').find((entry) => isCalled(entry, thumbprint));
    return found && describe(found);
  }

  async remove(thumbprint: string, { removeCa = false }: RemoveOptions = {}): Promise<RemoveResult> {
    const system = await this.#load();
    const before = readEntries(system, 'own');
    const target = before.find((entry) => isCalled(entry, thumbprint));
    if (!target)
      throw new Problem('STORE_CERTIFICATE_UNKNOWN', {
        path: this.path,
        thumbprint: normalizeThumbprint(thumbprint),
      });
    await this.#take(system, target, before);
    return {
      store: this.summary(),
      removed: describe(target),
      authority: await this.#removeAuthority(system, target, removeCa),
      restartBrowser: browserIsRunning(system),
    };
  }

  /** The key first: a certificate without a key can be removed again, a key without a certificate is lost from sight. */
  async #take(system: WindowsSystem, target: WindowsEntry, before: readonly WindowsEntry[]): Promise<void> {
    const still = (): Problem => new Problem('STORE_NOT_REMOVED', { path: this.path, thumbprint: target.id });
    const shared = before.some(
      (other) => other.id !== target.id && sameKeyPlace(other.keyPlace, target.keyPlace),
    );
    if (target.keyPlace && !shared && !deleteKey(system, target.keyPlace)) throw still();
    for (const name of target.stores) await deleteCertificate(system, name, target.id);
    if (readEntries(system, 'own').some(({ id }) => id === target.id)) throw still();
  }

  async #removeAuthority(
    system: WindowsSystem,
    removed: WindowsEntry,
    asked: boolean,
  ): Promise<RemoveResult['authority']> {
    const entries = readEntries(system, 'own');
    const authority = topOf(removed, entries);
    if (!authority) return { outcome: 'absent', thumbprint: null };
    if (!asked) return { outcome: 'kept', thumbprint: authority.id };
    if (entries.some((entry) => entry.keyPlace && topOf(entry, entries)?.id === authority.id))
      return { outcome: 'in-use', thumbprint: authority.id };
    for (const name of authority.stores) await deleteCertificate(system, name, authority.id);
    const left = readEntries(system, 'own').some(({ id }) => id === authority.id);
    // Windows asks before it takes a root away, too, and "No" is an answer.
    return { outcome: left ? 'kept' : 'removed', thumbprint: authority.id };
  }

  async diagnose(options: DiagnoseOptions): Promise<readonly DiagnosisFinding[]> {
    const findings = diagnoseWindows(await this.#load(), this.summary(), options);
    return [...findings, ...(await firefoxSystemStore(this.#host))];
  }
}

/**
 * Re-wraps the identity under a password that lives as long as this call, in the one profile that every Windows
 * reads, and without its chain: Windows would sort that in its own way.
 */
function importResolved(system: WindowsSystem, { key, leaf, friendlyName }: ResolvedIdentity): void {
  const password = randomBytes(24).toString('base64url');
  const certificates = [leaf.der];
  const pkcs12 = writePkcs12({ profile: 'compatible', password, friendlyName, key, certificates });
  importIdentity(system, fingerprint256(leaf.der), pkcs12, password, friendlyName);
}

/** Puts an issuer among the intermediate CAs, which are trusted for nothing, so that chains can be built. */
async function keepForChains(system: WindowsSystem, issuer: Certificate): Promise<void> {
  const known = readEntries(system, 'all').some(
    ({ id, stores }) =>
      id === fingerprint256(issuer.der) && (stores.includes('CA') || stores.includes('Root')),
  );
  if (!known) await addAuthority(system, 'CA', issuer);
}

function holdsKey(system: WindowsSystem, leaf: Certificate): boolean {
  return (
    withIdentity(system, fingerprint256(leaf.der), (context) => proveKey(system, context, leaf)) ?? false
  );
}

/** The CA at the top of the chain, as far as this user's stores know it. */
function topOf(entry: WindowsEntry, entries: readonly WindowsEntry[]): WindowsEntry | undefined {
  const { chain } = orderChain(
    entry.certificate,
    entries.map(({ certificate }) => certificate),
  );
  const top = chain.slice(1).at(-1);
  return top && entries.find(({ id }) => id === fingerprint256(top.der));
}

function isTrusted({ stores }: WindowsEntry): boolean {
  return stores.includes('Root');
}

function sha1({ der }: Certificate): string {
  return normalizeThumbprint(fingerprint1(der));
}

function describe(entry: WindowsEntry): StoredCertificate {
  const { certificate, id, nickname, keyPlace } = entry;
  return {
    thumbprint: id,
    thumbprintSha1: sha1(certificate),
    nickname,
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: certificate.serial,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    hasKey: keyPlace !== undefined,
    authority: isAuthority(certificate),
    trust: { server: isTrusted(entry), client: isTrusted(entry) },
  };
}
