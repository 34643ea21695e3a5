/** Under Windows: makes a CNG key that lives as long as this process, and prints what core's binding signs with it. */
import koffi from 'koffi';
import { bindCng } from '../../../core/trust-store/windows/cng.ts';

const ncrypt = koffi.load('ncrypt.dll');
const outHandle = koffi.out(koffi.pointer('void *'));
const open = ncrypt.func('NCryptOpenStorageProvider', 'uint32_t', [outHandle, 'str16', 'uint32_t']);
const create = ncrypt.func('NCryptCreatePersistedKey', 'uint32_t', [
  'void *',
  outHandle,
  'str16',
  'str16',
  'uint32_t',
  'uint32_t',
]);
const finish = ncrypt.func('NCryptFinalizeKey', 'uint32_t', ['void *', 'uint32_t']);
const exportKey = ncrypt.func('NCryptExportKey', 'uint32_t', [
  'void *',
  'void *',
  'str16',
  'void *',
  'void *',
  'uint32_t',
  koffi.out(koffi.pointer('uint32_t')),
  'uint32_t',
]);

const [provider, key]: [[bigint | null], [bigint | null]] = [[null], [null]];
const blob = Buffer.alloc(4096);
for (const failed of [
  open(provider, 'Microsoft Software Key Storage Provider', 0),
  create(provider[0], key, 'RSA', null, 0, 0),
  finish(key[0], 0),
  exportKey(key[0], null, 'RSAPUBLICBLOB', null, blob, blob.length, [0], 0),
])
  if (failed !== 0) throw new Error(`0x${failed.toString(16)}`);

// BCRYPT_RSAKEY_BLOB: six numbers, then exponent and modulus.
const [exponent, modulus] = [blob.readUInt32LE(8), blob.readUInt32LE(12)];
const cng = bindCng(koffi);
const acquired = { handle: key[0]!, kind: 'cng', spec: 0 } as const;
const sign = (signing: 'rsa-pkcs1' | 'rsa-pss') =>
  Buffer.from(cng.sign(acquired, Buffer.from('nonce'), signing) ?? []).toString('base64');
process.stdout.write(
  JSON.stringify({
    e: blob.toString('base64url', 24, 24 + exponent),
    n: blob.toString('base64url', 24 + exponent, 24 + exponent + modulus),
    pkcs1: sign('rsa-pkcs1'),
    pss: sign('rsa-pss'),
  }),
);
cng.free(acquired.handle);
