/** An NSS database: what Chromium and its kin, and every Firefox profile, read on Linux. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
import { type ResolvedIdentity, resolveIdentity } from '../identity.ts';
import {
  type DiagnoseOptions,
  type InstallOptions,
  normalizeThumbprint,
  type RemoveOptions,
  type StoreAccess,
  type StoreHost,
  type StoreIdentity,
  type TrustStore,
} from '../store.ts';
import { withWorkspace, writeSecretFile } from '../workspace.ts';
import {
  addCertificate,
  createDatabase,
  deleteEntry,
  importPkcs12,
  listEntries,
  type NssDatabase,
  type NssEntry,
  proveKey,
  unlock,
} from './database.ts';
import { diagnoseNss } from './diagnose.ts';
import { databaseExists, type NssLocation } from './locations.ts';
import { findTools } from './tools.ts';

/** Vouches for web sites (C) and for people (T); the other two columns, mail and code, follow Chromium's own import. */
const trustedCa = 'CT,C,C';

export class NssStore implements TrustStore {
  readonly id: string;
  readonly label: string;
  readonly path: string;
  readonly #location: NssLocation;
  readonly #host: StoreHost;

  constructor(location: NssLocation, host: StoreHost) {
    this.id = location.id;
    this.label = location.label;
    this.path = location.path;
    this.#location = location;
    this.#host = host;
  }

  summary(): StoreSummary {
    const { id, label, path, readBy, used } = this.#location;
    const state = databaseExists(path) ? 'present' : 'absent';
    return { id, kind: 'nss', label, path, readBy: [...readBy], state, used };
  }

  install(identity: StoreIdentity, options: InstallOptions): Promise<InstallResult> {
    return this.#open(options, async (database) => {
      // Whatever is wrong with the identity is found here, in our own words, before a tool runs.
      const resolved = await resolveIdentity(identity);
      if (options.trustCa && resolved.issuers.length === 0)
        throw new Problem('STORE_CA_ABSENT', { subject: nameText(resolved.leaf.subject) });
      await this.#prepare(database);
      const before = await listEntries(database);
      const present = before.some((entry) => entry.id === fingerprint256(resolved.leaf.der) && entry.hasKey);
      if (!present) await this.#import(database, resolved);
      const top = resolved.issuers.at(-1);
      if (top) await this.#settleAuthority(database, top, options.trustCa);
      return this.#verify(database, resolved, before, present, options.trustCa);
    });
  }

  /** Re-wraps the identity under a password that lives as long as this call, in the profile every NSS reads. */
  async #import(
    database: NssDatabase,
    { key, leaf, issuers, others, friendlyName }: ResolvedIdentity,
  ): Promise<void> {
    const password = randomBytes(24).toString('base64url');
    const certificates = [leaf, ...issuers, ...others].map(({ der }) => der);
    await importPkcs12(
      database,
      writePkcs12({ profile: 'compatible', password, friendlyName, key, certificates }),
      password,
    );
  }

  async #settleAuthority(database: NssDatabase, top: Certificate, trustCa: boolean): Promise<void> {
    const known = (await listEntries(database)).find(({ id }) => id === fingerprint256(top.der));
    // Trust that somebody gave before is not ours to take away.
    if (known && (!trustCa || (known.trust.server && known.trust.client))) return;
    await addCertificate(database, known?.nickname ?? nameText(top.subject), top, trustCa ? trustedCa : ',,');
  }

  /** Tools can exit 0 and have done nothing: only what the database itself shows counts. */
  async #verify(
    database: NssDatabase,
    { leaf, issuers }: ResolvedIdentity,
    before: readonly NssEntry[],
    present: boolean,
    trustCa: boolean,
  ): Promise<InstallResult> {
    const missing = (what: string): Problem =>
      new Problem('STORE_NOT_INSTALLED', { path: this.path, missing: what });
    const after = await listEntries(database);
    const entry = after.find(({ id }) => id === fingerprint256(leaf.der));
    if (!entry) throw missing('certificate');
    if (!entry.hasKey || !(await proveKey(database, leaf))) throw missing('private key');
    const top = issuers.at(-1);
    const authority = top && after.find(({ id }) => id === fingerprint256(top.der));
    if (top && !authority) throw missing('CA certificate');
    const trusted = authority ? authority.trust.server && authority.trust.client : false;
    if (trustCa && !trusted) throw missing('CA trust');
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
            before: !known ? 'absent' : known.trust.server && known.trust.client ? 'trusted' : 'present',
            trusted,
          }
        : null,
      restartBrowser: await this.#location.isRunning(),
    };
  }

  async list(): Promise<readonly StoredCertificate[]> {
    if (!databaseExists(this.path)) return [];
    return this.#open({}, async (database) => (await listEntries(database)).map(describe));
  }

  async find(thumbprint: string): Promise<StoredCertificate | undefined> {
    const wanted = normalizeThumbprint(thumbprint);
    return (await this.list()).find(
      (stored) => stored.thumbprint === wanted || stored.thumbprintSha1 === wanted,
    );
  }

  async remove(thumbprint: string, options: RemoveOptions = {}): Promise<RemoveResult> {
    const wanted = normalizeThumbprint(thumbprint);
    const unknown = (): Problem =>
      new Problem('STORE_CERTIFICATE_UNKNOWN', { path: this.path, thumbprint: wanted });
    if (!databaseExists(this.path)) throw unknown();
    return this.#open(options, async (database) => {
      await this.#prepare(database);
      const before = await listEntries(database);
      const target = before.find(({ id, certificate }) => id === wanted || sha1(certificate) === wanted);
      if (!target) throw unknown();
      await deleteEntry(database, target, before);
      const after = await listEntries(database);
      if (after.some(({ id }) => id === target.id))
        throw new Problem('STORE_NOT_REMOVED', { path: this.path, thumbprint: target.id });
      return {
        store: this.summary(),
        removed: describe(target),
        authority: await this.#removeAuthority(database, target, after, options.removeCa === true),
        restartBrowser: await this.#location.isRunning(),
      };
    });
  }

  async #removeAuthority(
    database: NssDatabase,
    removed: NssEntry,
    entries: readonly NssEntry[],
    asked: boolean,
  ): Promise<RemoveResult['authority']> {
    const topOf = (entry: NssEntry): NssEntry | undefined => {
      const issuers = orderChain(
        entry.certificate,
        entries.map(({ certificate }) => certificate),
      ).chain.slice(1);
      const top = issuers.at(-1);
      return top && entries.find(({ id }) => id === fingerprint256(top.der));
    };
    const authority = topOf(removed);
    if (!authority) return { outcome: 'absent', thumbprint: null };
    if (!asked) return { outcome: 'kept', thumbprint: authority.id };
    if (entries.some((entry) => entry.hasKey && topOf(entry)?.id === authority.id))
      return { outcome: 'in-use', thumbprint: authority.id };
    await deleteEntry(database, authority, entries);
    if ((await listEntries(database)).some(({ id }) => id === authority.id))
      throw new Problem('STORE_NOT_REMOVED', { path: this.path, thumbprint: authority.id });
    return { outcome: 'removed', thumbprint: authority.id };
  }

  diagnose(options: DiagnoseOptions): Promise<readonly DiagnosisFinding[]> {
    return this.#open(options, (database) => diagnoseNss(database, this.summary(), options, this.#location));
  }

  async #open<T>(access: StoreAccess, work: (database: NssDatabase) => Promise<T>): Promise<T> {
    const tools = findTools(this.#host);
    return withWorkspace(async (workspace) => {
      const passwordFile = await writeSecretFile(workspace, 'store.password', access.storePassword ?? '');
      return work({ path: this.path, tools, workspace, passwordFile });
    });
  }

  /** Makes the database when there is none, and finds out before any change whether it can be changed. */
  async #prepare(database: NssDatabase): Promise<void> {
    if (!databaseExists(this.path)) {
      await mkdir(this.path, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
        throw new Problem('FILE_UNWRITABLE', { path: this.path, reason: error.code ?? 'unknown' });
      });
      this.#requireWritable();
      await createDatabase(database);
      if (!databaseExists(this.path))
        throw new Problem('STORE_NOT_INSTALLED', { path: this.path, missing: 'database' });
    }
    this.#requireWritable();
    await unlock(database);
  }

  #requireWritable(): void {
    for (const path of [this.path, join(this.path, 'cert9.db'), join(this.path, 'key4.db')]) {
      try {
        if (existsSync(path)) accessSync(path, constants.W_OK);
      } catch (error) {
        throw new Problem('STORE_READ_ONLY', {
          path: this.path,
          reason: (error as NodeJS.ErrnoException).code ?? 'unknown',
        });
      }
    }
  }
}

function sha1({ der }: Certificate): string {
  return normalizeThumbprint(fingerprint1(der));
}

function describe({ certificate, id, nickname, hasKey, trust }: NssEntry): StoredCertificate {
  return {
    thumbprint: id,
    thumbprintSha1: sha1(certificate),
    nickname,
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: certificate.serial,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    hasKey,
    authority: isAuthority(certificate),
    trust: { ...trust },
  };
}
