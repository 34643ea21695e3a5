/** Binds ncrypt.dll: keys of the key storage providers (CNG). Its functions return their error. */
import { createHash } from 'node:crypto';
import type { AcquiredKey, Handle, KeyPlace, Koffi, Signing } from './system.ts';

/** CRYPT_MACHINE_KEYSET, NCRYPT_MACHINE_KEY_FLAG. */
export const machineKeyset = 0x20;
/** CRYPT_SILENT, NCRYPT_SILENT_FLAG: fail rather than ask. */
export const silent = 0x40;
/** NTE_BAD_KEYSET, NTE_NO_KEY, NTE_KEYSET_NOT_DEF: there is no such key. */
export const noSuchKey: readonly number[] = [0x8009_0016, 0x8009_000d, 0x8009_0019];
const padPkcs1 = 2;
const padPss = 8;

export function bindCng(koffi: Koffi) {
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
