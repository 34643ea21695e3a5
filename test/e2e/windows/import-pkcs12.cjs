// Runs as a Windows process: imports each PKCS#12 of a list through crypt32, lets its key sign, and tells what came of it.
const { createVerify, X509Certificate } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');

const koffi = require('koffi');

const [list, answer] = process.argv.slice(2);
const crypt32 = koffi.load('crypt32.dll');
const advapi32 = koffi.load('advapi32.dll');
koffi.struct('Blob', { size: 'uint32', data: 'uint8 *' });
koffi.struct('CertificateContext', {
  encoding: 'uint32',
  der: 'uint8 *',
  size: 'uint32',
  info: 'void *',
  store: 'void *',
});
const importStore = crypt32.func('void *PFXImportCertStore(Blob *pfx, str16 password, uint32 flags)');
const find = crypt32.func(
  'CertificateContext *CertFindCertificateInStore(void *store, uint32 encoding, uint32 flags, uint32 type, Blob *what, void *previous)',
);
const acquire = crypt32.func(
  'int CryptAcquireCertificatePrivateKey(CertificateContext *certificate, uint32 flags, void *reserved, _Out_ uintptr *provider, _Out_ uint32 *spec, _Out_ int *free)',
);
const createHash = advapi32.func(
  'int CryptCreateHash(uintptr provider, uint32 algorithm, uintptr key, uint32 flags, _Out_ uintptr *hash)',
);
const hashData = advapi32.func('int CryptHashData(uintptr hash, uint8 *data, uint32 size, uint32 flags)');
const signHash = advapi32.func(
  'int CryptSignHashW(uintptr hash, uint32 spec, void *description, uint32 flags, _Out_ uint8 *signature, _Inout_ uint32 *size)',
);
const close = crypt32.func('int CertCloseStore(void *store, uint32 flags)');

const sha1 = 0x8004;
const findBySha1 = 0x10000;

function outcomeOf({ file, password, thumbprint }) {
  const bytes = readFileSync(file);
  const store = importStore({ size: bytes.length, data: bytes }, password, 0);
  if (!store) return 'refused';
  const wanted = Buffer.from(thumbprint, 'hex');
  const found = find(store, 1, 0, findBySha1, { size: wanted.length, data: wanted }, null);
  if (!found) return 'no certificate';
  const [provider, spec, free] = [[0], [0], [0]];
  if (!acquire(found, 0, null, provider, spec, free)) return 'no key';
  const hash = [0];
  const text = Buffer.from('Warifu');
  if (!createHash(provider[0], sha1, 0, 0, hash) || !hashData(hash[0], text, text.length, 0))
    return 'no hash';
  const size = [1024];
  const signature = Buffer.alloc(1024);
  // Wine says 3 where Windows says 1 (AT_KEYEXCHANGE) or 2 (AT_SIGNATURE).
  const specs = spec[0] > 2 ? [1, 2] : spec;
  if (!specs.some((one) => signHash(hash[0], one, null, 0, signature, size))) return 'no signature';
  const { der, size: derSize } = koffi.decode(found, 'CertificateContext');
  const certificate = new X509Certificate(Buffer.from(koffi.decode(der, koffi.array('uint8', derSize))));
  // CryptoAPI writes numbers with the lowest octet first.
  const fits = createVerify('sha1')
    .update(text)
    .verify(certificate.publicKey, signature.subarray(0, size[0]).reverse());
  close(store, 0);
  return fits ? 'imported' : 'another key';
}

writeFileSync(answer, JSON.stringify(JSON.parse(readFileSync(list, 'utf8')).map(outcomeOf)));
