/** Reads and edits the certificate stores of CurrentUser; whatever is opened here is closed here. */
import { Problem } from '../../../contract/problem.ts';
import { type Certificate, fingerprint1, fingerprint256, parseCertificate } from '../../x509/certificate.ts';
import { commonName, nameText } from '../../x509/name.ts';
import { normalizeThumbprint } from '../store.ts';
import {
  alwaysCng,
  type Handle,
  type KeyPlace,
  type StoreName,
  type StoreScope,
  userKeyset,
  type WindowsSystem,
} from './system.ts';

/** As PowerShell calls it. */
export const userPath = 'Cert:\\CurrentUser';

export interface WindowsEntry {
  readonly certificate: Certificate;
  /** SHA-256 of the DER, hex. */
  readonly id: string;
  /** The friendly name, or what people would call it. */
  readonly nickname: string;
  /** Where its private key lives, as the store says; whether it works is another question. */
  readonly keyPlace: KeyPlace | undefined;
  /** Every store that holds it. */
  readonly stores: readonly StoreName[];
}

/**
 * The user's identities with the CAs that this user added (`own`) or that count for this user (`all`: the
 * machine's as well, some hundred).
 * @throws Problem STORE_SYSTEM_REFUSED
 */
export function readEntries(system: WindowsSystem, scope: StoreScope): readonly WindowsEntry[] {
  const entries = new Map<string, WindowsEntry>();
  for (const name of ['My', 'CA', 'Root'] as const)
    withStore(system, name, name === 'My' ? 'all' : scope, (store) => {
      for (const context of contextsOf(system, store)) {
        const entry = readEntry(system, context, name);
        const known = entry && entries.get(entry.id);
        if (known) entries.set(known.id, { ...known, stores: [...known.stores, name] });
        else if (entry) entries.set(entry.id, entry);
      }
    });
  return [...entries.values()];
}

function readEntry(system: WindowsSystem, context: Handle, store: StoreName): WindowsEntry | undefined {
  try {
    const certificate = parseCertificate(system.encoded(context));
    return {
      certificate,
      id: fingerprint256(certificate.der),
      nickname:
        system.friendlyName(context) ?? commonName(certificate.subject) ?? nameText(certificate.subject),
      // A CA's key is not what this is about, even where somebody keeps one.
      keyPlace: store === 'My' ? system.keyPlace(context) : undefined,
      stores: [store],
    };
  } catch {
    // Somebody else's certificate that is not DER by our rules must not hide all the others.
    return undefined;
  }
}

/** By SHA-256 or SHA-1, hex, with or without colons, any case. */
export function isCalled({ id, certificate }: WindowsEntry, thumbprint: string): boolean {
  const wanted = normalizeThumbprint(thumbprint);
  return id === wanted || normalizeThumbprint(fingerprint1(certificate.der)) === wanted;
}

/** Looks at a certificate of My through its context; undefined when it is not there. */
export function withIdentity<T>(
  system: WindowsSystem,
  id: string,
  work: (context: Handle) => T,
): T | undefined {
  return withStore(system, 'My', 'all', (store) => {
    const context = findContext(system, store, id);
    if (context === undefined) return undefined;
    try {
      return work(context);
    } finally {
      system.freeCertificate(context);
    }
  });
}

/**
 * Lets Windows unpack `pkcs12` and files its certificate `id`, with its key, under My. The key goes to a CNG
 * provider and cannot be exported again.
 * @throws Problem STORE_SYSTEM_REFUSED, after which no key of it is left
 */
export function importIdentity(
  system: WindowsSystem,
  id: string,
  pkcs12: Uint8Array,
  password: string,
  friendlyName: string,
): void {
  const unpacked =
    system.importPkcs12(pkcs12, password, userKeyset | alwaysCng) ??
    // Refused by an old Windows and by Wine; the provider that the file names still counts where it is understood.
    system.importPkcs12(pkcs12, password, userKeyset);
  if (unpacked === undefined) throw refusal(system, 'PFXImportCertStore');
  try {
    const context = findContext(system, unpacked, id);
    // Success without a certificate: reading back will say what is missing.
    if (context === undefined) return;
    try {
      fileIdentity(system, context, friendlyName);
    } finally {
      system.freeCertificate(context);
    }
  } finally {
    system.closeStore(unpacked);
  }
}

function fileIdentity(system: WindowsSystem, context: Handle, friendlyName: string): void {
  const keyPlace = system.keyPlace(context);
  try {
    system.setFriendlyName(context, friendlyName);
    withStore(system, 'My', 'all', (store) => {
      if (!system.addCertificate(store, context)) throw refusal(system, 'CertAddCertificateContextToStore');
      system.commitStore(store);
    });
  } catch (error) {
    // Unpacking has stored the key already; without its certificate nobody would ever find it again.
    if (keyPlace) system.deleteKey(keyPlace);
    throw error;
  }
}

/**
 * Adds a CA certificate; nothing happens when it is there. For Root, Windows asks the person first.
 * @returns false when Windows or the person refused
 */
export async function addAuthority(
  system: WindowsSystem,
  name: 'CA' | 'Root',
  { der }: Certificate,
): Promise<boolean> {
  const store = open(system, name, 'all');
  try {
    const added = await system.addEncoded(store, der);
    if (added) system.commitStore(store);
    return added;
  } finally {
    system.closeStore(store);
  }
}

/**
 * Takes a certificate out of one store; its key is another matter. For Root, Windows asks the person first.
 * @returns false when Windows or the person refused
 */
export async function deleteCertificate(
  system: WindowsSystem,
  name: StoreName,
  id: string,
): Promise<boolean> {
  const store = open(system, name, 'all');
  try {
    const context = findContext(system, store, id);
    if (context === undefined) return true;
    // Frees the context, whatever it answers.
    const deleted = await system.deleteCertificate(context);
    return deleted && system.commitStore(store);
  } finally {
    system.closeStore(store);
  }
}

/** @throws Problem STORE_SYSTEM_REFUSED */
function open(system: WindowsSystem, name: StoreName, scope: StoreScope): Handle {
  const store = system.openStore(name, scope);
  if (store === undefined) throw refusal(system, `CertOpenStore ${name}`);
  return store;
}

function withStore<T>(
  system: WindowsSystem,
  name: StoreName,
  scope: StoreScope,
  work: (store: Handle) => T,
): T {
  const store = open(system, name, scope);
  try {
    return work(store);
  } finally {
    system.closeStore(store);
  }
}

/** Each certificate in turn, good until the next; none is left unfreed, however the loop ends. */
function* contextsOf(system: WindowsSystem, store: Handle): Generator<Handle, void> {
  let context = system.nextCertificate(store, undefined);
  try {
    for (; context !== undefined; context = system.nextCertificate(store, context)) yield context;
  } finally {
    if (context !== undefined) system.freeCertificate(context);
  }
}

/** The certificate with that SHA-256; the caller frees it. */
function findContext(system: WindowsSystem, store: Handle, id: string): Handle | undefined {
  let context = system.nextCertificate(store, undefined);
  while (context !== undefined && fingerprint256(system.encoded(context)) !== id)
    context = system.nextCertificate(store, context);
  return context;
}

function refusal(system: WindowsSystem, call: string): Problem {
  const reason = `0x${system.lastError().toString(16).padStart(8, '0')}`;
  return new Problem('STORE_SYSTEM_REFUSED', { path: userPath, call, reason });
}
