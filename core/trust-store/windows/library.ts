/** Binds crypt32.dll and advapi32.dll through koffi, with what cng.ts and programs.ts bind. Loaded on Windows alone, at the first use. */
import { promisify } from 'node:util';
import { Problem } from '../../../contract/problem.ts';
import { bindCng, machineKeyset, noSuchKey, silent } from './cng.ts';
import { programLister } from './programs.ts';
import type { Handle, Koffi, StoreNames, StoreScope, WindowsSystem } from './system.ts';

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
const deleteKeyset = 0x10;
const sha1 = 0x8004; // CALG_SHA1

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

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
