/** Binds crypt32.dll, advapi32.dll, ncrypt.dll and kernel32.dll through koffi. Loaded on Windows alone, at the first use. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { Problem } from '../../../contract/problem.ts';
import type {
  AcquiredKey,
  Handle,
  KeyPlace,
  Signing,
  StoreNames,
  StoreScope,
  WindowsSystem,
} from './system.ts';

type Koffi = typeof import('koffi')['default'];

const encoding = 0x10001; // X509_ASN_ENCODING | PKCS_7_ASN_ENCODING
const currentUser = 0x10000; // CERT_SYSTEM_STORE_CURRENT_USER
const storeProvider: Readonly<Record<StoreScope, bigint>> = {
  all: 10n, // CERT_STORE_PROV_SYSTEM_W
  own: 13n, // CERT_STORE_PROV_SYSTEM_REGISTRY_W
};
const controlCommit = 3;
const addUseExisting = 2;
const addReplaceExisting = 3;
const keyPlaceProperty = 2;
const friendlyNameProperty = 11;

const acquireSilently = 0x40;
const acquireCngToo = 0x10000;
const acquireCngFirst = 0x20000;
const cngKeySpec = 0xffff_ffff;
const atKeyExchange = 1;
const atSignature = 2;
const machineKeyset = 0x20;
const silent = 0x40; // CRYPT_SILENT, NCRYPT_SILENT_FLAG
const deleteKeyset = 0x10;
const sha1 = 0x8004; // CALG_SHA1
const padPkcs1 = 2;
const padPss = 8;
/** NTE_BAD_KEYSET, NTE_NO_KEY, NTE_KEYSET_NOT_DEF: there is no such key. */
const noSuchKey: readonly number[] = [0x8009_0016, 0x8009_000d, 0x8009_0019];

/** @throws Problem STORE_UNSUPPORTED when koffi has no machine code for this system, or Windows lacks a function. */
export async function loadWindows(names: StoreNames): Promise<WindowsSystem> {
  try {
    const { default: koffi } = await import('koffi');
    return bind(koffi, names);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : 'koffi';
    throw new Problem('STORE_UNSUPPORTED', { platform: `${process.platform}-${process.arch}: ${reason}` });
  }
}

function bind(koffi: Koffi, names: StoreNames): WindowsSystem {
  const crypt32 = koffi.load('crypt32.dll');
  const advapi32 = koffi.load('advapi32.dll');
  const kernel32 = koffi.load('kernel32.dll');

  const blob = koffi.struct({ cbData: 'uint32_t', pbData: 'void *' });
  const context = koffi.struct({
    dwCertEncodingType: 'uint32_t',
    pbCertEncoded: 'void *',
    cbCertEncoded: 'uint32_t',
    pCertInfo: 'void *',
    hCertStore: 'void *',
  });
  const keyInfo = koffi.struct({
    pwszContainerName: 'str16',
    pwszProvName: 'str16',
    dwProvType: 'uint32_t',
    dwFlags: 'uint32_t',
    cProvParam: 'uint32_t',
    rgProvParam: 'void *',
    dwKeySpec: 'uint32_t',
  });

  const uint32 = 'uint32_t';
  const handle = 'void *';
  const bytes = 'void *';
  const outHandle = koffi.out(koffi.pointer(handle));
  const outUint32 = koffi.out(koffi.pointer(uint32));
  const inoutUint32 = koffi.inout(koffi.pointer(uint32));

  const CertOpenStore = crypt32.func('CertOpenStore', handle, ['uintptr_t', uint32, handle, uint32, 'str16']);
  const CertCloseStore = crypt32.func('CertCloseStore', 'bool', [handle, uint32]);
  const CertControlStore = crypt32.func('CertControlStore', 'bool', [handle, uint32, uint32, handle]);
  const CertEnumCertificatesInStore = crypt32.func('CertEnumCertificatesInStore', handle, [handle, handle]);
  const CertFreeCertificateContext = crypt32.func('CertFreeCertificateContext', 'bool', [handle]);
  const CertGetCertificateContextProperty = crypt32.func('CertGetCertificateContextProperty', 'bool', [
    handle,
    uint32,
    bytes,
    inoutUint32,
  ]);
  const CertSetCertificateContextProperty = crypt32.func('CertSetCertificateContextProperty', 'bool', [
    handle,
    uint32,
    uint32,
    koffi.pointer(blob),
  ]);
  const CertAddCertificateContextToStore = crypt32.func('CertAddCertificateContextToStore', 'bool', [
    handle,
    handle,
    uint32,
    handle,
  ]);
  const CertAddEncodedCertificateToStore = crypt32.func('CertAddEncodedCertificateToStore', 'bool', [
    handle,
    uint32,
    bytes,
    uint32,
    uint32,
    handle,
  ]);
  const CertDeleteCertificateFromStore = crypt32.func('CertDeleteCertificateFromStore', 'bool', [handle]);
  const PFXImportCertStore = crypt32.func('PFXImportCertStore', handle, [
    koffi.pointer(blob),
    'str16',
    uint32,
  ]);
  const CryptAcquireCertificatePrivateKey = crypt32.func('CryptAcquireCertificatePrivateKey', 'bool', [
    handle,
    uint32,
    handle,
    outHandle,
    outUint32,
    outUint32,
  ]);

  const CryptAcquireContextW = advapi32.func('CryptAcquireContextW', 'bool', [
    outHandle,
    'str16',
    'str16',
    uint32,
    uint32,
  ]);
  const CryptReleaseContext = advapi32.func('CryptReleaseContext', 'bool', [handle, uint32]);
  const CryptCreateHash = advapi32.func('CryptCreateHash', 'bool', [
    handle,
    uint32,
    handle,
    uint32,
    outHandle,
  ]);
  const CryptHashData = advapi32.func('CryptHashData', 'bool', [handle, bytes, uint32, uint32]);
  const CryptSignHashW = advapi32.func('CryptSignHashW', 'bool', [
    handle,
    uint32,
    'str16',
    uint32,
    bytes,
    inoutUint32,
  ]);
  const CryptDestroyHash = advapi32.func('CryptDestroyHash', 'bool', [handle]);

  const GetLastError = kernel32.func('GetLastError', uint32, []);

  const add = promisify(CertAddEncodedCertificateToStore.async);
  const remove = promisify(CertDeleteCertificateFromStore.async);

  function property(certificate: Handle, id: number): Buffer | undefined {
    const size = [0];
    if (!CertGetCertificateContextProperty(certificate, id, null, size)) return undefined;
    const value = Buffer.alloc(size[0]!);
    return CertGetCertificateContextProperty(certificate, id, value, size) ? value : undefined;
  }

  const cng = once(() => bindCng(koffi));
  const programs = once(() => programLister(koffi));

  return {
    openStore: (name, scope) =>
      CertOpenStore(storeProvider[scope], 0, null, currentUser, names[name]) ?? undefined,
    commitStore: (store) => CertControlStore(store, 0, controlCommit, null),
    closeStore: (store) => CertCloseStore(store, 0),
    nextCertificate: (store, previous) => CertEnumCertificatesInStore(store, previous ?? null) ?? undefined,
    freeCertificate: (certificate) => CertFreeCertificateContext(certificate),
    encoded(certificate) {
      const { pbCertEncoded, cbCertEncoded } = koffi.decode(certificate, context);
      return Uint8Array.from(koffi.decode(pbCertEncoded, koffi.array('uint8_t', cbCertEncoded, 'Typed')));
    },
    friendlyName(certificate) {
      const text = property(certificate, friendlyNameProperty)?.toString('utf16le').replace(/\0.*$/s, '');
      return text === '' ? undefined : text;
    },
    setFriendlyName(certificate, name) {
      const pbData = Buffer.from(`${name}\0`, 'utf16le');
      return CertSetCertificateContextProperty(certificate, friendlyNameProperty, 0, {
        cbData: pbData.length,
        pbData,
      });
    },
    keyPlace(certificate) {
      const value = property(certificate, keyPlaceProperty);
      if (!value) return undefined;
      const info = koffi.decode(value, keyInfo);
      return {
        container: info.pwszContainerName ?? '',
        provider: info.pwszProvName ?? '',
        providerType: info.dwProvType,
        flags: info.dwFlags,
      };
    },
    addCertificate: (store, certificate) =>
      CertAddCertificateContextToStore(store, certificate, addReplaceExisting, null),
    addEncoded: (store, der) => add(store, encoding, der, der.length, addUseExisting, null),
    deleteCertificate: (certificate) => remove(certificate),
    importPkcs12: (pkcs12, password, flags) =>
      PFXImportCertStore({ cbData: pkcs12.length, pbData: pkcs12 }, password, flags) ?? undefined,
    acquireKey(certificate, preferCng) {
      const key: [Handle | null] = [null];
      const spec = [0];
      const flags = acquireSilently | (preferCng ? acquireCngFirst : acquireCngToo);
      if (!CryptAcquireCertificatePrivateKey(certificate, flags, null, key, spec, [0])) return undefined;
      if (spec[0] === cngKeySpec) return { handle: key[0]!, kind: 'cng', spec: 0 };
      // Wine says 3, both of them; a signature names one.
      return { handle: key[0]!, kind: 'capi', spec: spec[0]! & atKeyExchange || atSignature };
    },
    releaseKey: (key) => (key.kind === 'cng' ? cng().free(key.handle) : CryptReleaseContext(key.handle, 0)),
    signCng: (key, data, signing) => cng().sign(key, data, signing),
    signCapi(key, data) {
      const hash: [Handle | null] = [null];
      if (!CryptCreateHash(key.handle, sha1, null, 0, hash)) return undefined;
      try {
        const size = [0];
        if (!CryptHashData(hash[0], data, data.length, 0)) return undefined;
        if (!CryptSignHashW(hash[0], key.spec, null, 0, null, size)) return undefined;
        const signature = Buffer.alloc(size[0]!);
        // Least significant octet first, unlike the rest of the world.
        return CryptSignHashW(hash[0], key.spec, null, 0, signature, size)
          ? signature.subarray(0, size[0]).reverse()
          : undefined;
      } finally {
        CryptDestroyHash(hash[0]);
      }
    },
    deleteKey(place) {
      if (place.providerType === 0) return cng().deleteKey(place);
      const flags = deleteKeyset | silent | (place.flags & machineKeyset);
      return (
        CryptAcquireContextW([null], place.container, place.provider, place.providerType, flags) ||
        noSuchKey.includes(GetLastError())
      );
    },
    lastError: () => GetLastError(),
    runningPrograms: () => programs()(),
  };
}

/** ncrypt.dll; its functions return their error. */
function bindCng(koffi: Koffi) {
  const ncrypt = koffi.load('ncrypt.dll');
  // BCRYPT_PSS_PADDING_INFO; BCRYPT_PKCS1_PADDING_INFO is its first member.
  const padding = koffi.struct({ pszAlgId: 'str16', cbSalt: 'uint32_t' });
  const outHandle = koffi.out(koffi.pointer('void *'));
  const NCryptSignHash = ncrypt.func('NCryptSignHash', 'uint32_t', [
    'void *',
    koffi.pointer(padding),
    'void *',
    'uint32_t',
    'void *',
    'uint32_t',
    koffi.out(koffi.pointer('uint32_t')),
    'uint32_t',
  ]);
  const NCryptOpenStorageProvider = ncrypt.func('NCryptOpenStorageProvider', 'uint32_t', [
    outHandle,
    'str16',
    'uint32_t',
  ]);
  const NCryptOpenKey = ncrypt.func('NCryptOpenKey', 'uint32_t', [
    'void *',
    outHandle,
    'str16',
    'uint32_t',
    'uint32_t',
  ]);
  const NCryptDeleteKey = ncrypt.func('NCryptDeleteKey', 'uint32_t', ['void *', 'uint32_t']);
  const NCryptFreeObject = ncrypt.func('NCryptFreeObject', 'uint32_t', ['void *']);

  return {
    free: (handle: Handle): void => NCryptFreeObject(handle),
    sign(key: AcquiredKey, data: Uint8Array, signing: Signing): Uint8Array | undefined {
      const digest = createHash('sha256').update(data).digest();
      const info = signing === 'ec' ? null : { pszAlgId: 'SHA256', cbSalt: digest.length };
      const flags = silent | (signing === 'rsa-pkcs1' ? padPkcs1 : signing === 'rsa-pss' ? padPss : 0);
      // The longest signature is that of RSA-16384.
      const signature = Buffer.alloc(2048);
      const size = [0];
      const failed = NCryptSignHash(
        key.handle,
        info,
        digest,
        digest.length,
        signature,
        signature.length,
        size,
        flags,
      );
      return failed === 0 ? signature.subarray(0, size[0]) : undefined;
    },
    deleteKey({ container, provider, flags }: KeyPlace): boolean {
      const storage: [Handle | null] = [null];
      if (NCryptOpenStorageProvider(storage, provider, 0) !== 0) return false;
      try {
        const key: [Handle | null] = [null];
        const opened = NCryptOpenKey(storage[0], key, container, 0, silent | (flags & machineKeyset));
        return opened === 0 ? NCryptDeleteKey(key[0], silent) === 0 : noSuchKey.includes(opened);
      } finally {
        NCryptFreeObject(storage[0]);
      }
    },
  };
}

/** Toolhelp's list of processes, narrowed to this session: those of the person at this desktop. */
function programLister(koffi: Koffi) {
  const entryType = koffi.struct({
    dwSize: 'uint32_t',
    cntUsage: 'uint32_t',
    th32ProcessID: 'uint32_t',
    th32DefaultHeapID: 'uintptr_t',
    th32ModuleID: 'uint32_t',
    cntThreads: 'uint32_t',
    th32ParentProcessID: 'uint32_t',
    pcPriClassBase: 'int32_t',
    dwFlags: 'uint32_t',
    szExeFile: koffi.array('char16_t', 260, 'String'),
  });
  const kernel32 = koffi.load('kernel32.dll');
  const entryPointer = koffi.inout(koffi.pointer(entryType));
  const CreateToolhelp32Snapshot = kernel32.func('CreateToolhelp32Snapshot', 'void *', [
    'uint32_t',
    'uint32_t',
  ]);
  const Process32FirstW = kernel32.func('Process32FirstW', 'bool', ['void *', entryPointer]);
  const Process32NextW = kernel32.func('Process32NextW', 'bool', ['void *', entryPointer]);
  const CloseHandle = kernel32.func('CloseHandle', 'bool', ['void *']);
  const ProcessIdToSessionId = kernel32.func('ProcessIdToSessionId', 'bool', [
    'uint32_t',
    koffi.out(koffi.pointer('uint32_t')),
  ]);

  const sessionOf = (id: number): number | undefined => {
    const session = [0];
    return ProcessIdToSessionId(id, session) ? session[0] : undefined;
  };

  return (): readonly string[] => {
    const ours = sessionOf(process.pid);
    const processes = 2; // TH32CS_SNAPPROCESS
    const snapshot: Handle = CreateToolhelp32Snapshot(processes, 0);
    const names: string[] = [];
    const entry = { dwSize: entryType.size, th32ProcessID: 0, szExeFile: '' };
    for (let more = Process32FirstW(snapshot, entry); more; more = Process32NextW(snapshot, entry))
      if (sessionOf(entry.th32ProcessID) === ours) names.push(entry.szExeFile);
    CloseHandle(snapshot);
    return names;
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
