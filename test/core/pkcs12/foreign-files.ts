/** PKCS#12 files as other people's tools make them, each with what is true of it. */
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { rmSync } from 'node:fs';
import forge from 'node-forge';
import {
  encode,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  Tag,
} from '../../../core/x509/der.ts';
import type { TestIdentity, ToolBench } from '../x509/tool-bench.ts';

export interface ForeignFile {
  readonly made: string;
  readonly make: (bench: ForeignBench) => Uint8Array;
  readonly password: string;
  /** Its identities by kind of key; a file that is refused has none. */
  readonly keys?: readonly string[];
  /** MAC, key and certificate encryption, as far as they matter. */
  readonly protection?: readonly [string, string, string];
  readonly chain?: number;
  /** The problem that says why it cannot be opened. */
  readonly refused?: string;
  /** What is known to stand against it where a judge is at hand. */
  readonly imports: { readonly nss: boolean; readonly java: boolean };
  /** Thumbprint is needed, or the file holds nothing to wrap. */
  readonly rewrap?: 'ambiguous' | 'absent' | 'mismatch' | 'java-only';
}

/** Everything openssl has issued for the files. */
export interface ForeignBench {
  readonly bench: ToolBench;
  readonly rsa: TestIdentity;
  readonly ec: TestIdentity;
}

export const ascii = 'correct horse 1';
export const japanese = 'ひみつのことば';
const aes = 'AES-256-CBC, PBKDF2-HMAC-SHA256';

/** `openssl pkcs12 -export` of NAME.key and NAME.crt. */
const openssl =
  (name: string, password: string, ...options: readonly string[]) =>
  ({ bench }: ForeignBench): Uint8Array => {
    const passwordFile = bench.write('openssl-password', `${password}\n`);
    const input = options.includes('-nokeys') ? ['-nokeys'] : ['-inkey', `${name}.key`];
    const rest = options.filter((option) => option !== '-nokeys');
    const common = ['-in', `${name}.crt`, '-name', `${name} のキー`, '-passout', `file:${passwordFile}`];
    bench.openssl('pkcs12', '-export', ...input, ...common, '-out', 'openssl.p12', ...rest);
    return bench.read('openssl.p12');
  };
const chain = ['-certfile', 'rsa-ca.crt'] as const;
const ecChain = ['-certfile', 'ec-ca.crt'] as const;

const keytool =
  (aliases: Readonly<Record<string, readonly string[]>>, ...options: readonly string[]) =>
  ({ bench }: ForeignBench): Uint8Array => {
    rmSync(bench.path('java.p12'), { force: true });
    for (const [alias, key] of Object.entries(aliases))
      bench.run(
        'keytool',
        '-J-XX:TieredStopAtLevel=1',
        ...options,
        '-genkeypair',
        '-alias',
        alias,
        ...key,
        '-dname',
        `CN=${alias}`,
        '-keystore',
        'java.p12',
        '-storetype',
        'PKCS12',
        '-storepass',
        ascii,
      );
    return bench.read('java.p12');
  };
const javaRsa = ['-keyalg', 'RSA', '-keysize', '2048'];
const javaEc = ['-keyalg', 'EC', '-groupname', 'secp256r1'];

const certtool =
  (name: string, ...options: readonly string[]) =>
  ({ bench }: ForeignBench): Uint8Array => {
    const input = [
      '--load-privkey',
      `${name}.key`,
      '--load-certificate',
      `${name}.crt`,
      '--p12-name',
      'gnutls',
    ];
    bench.run('certtool', '--to-p12', ...input, '--outder', '--outfile', 'gnutls.p12', ...options);
    return bench.read('gnutls.p12');
  };

/** What Firefox and Chromium export: BER, and 600,000 iterations. */
const nss =
  (name: string, password: string, ...options: readonly string[]) =>
  (files: ForeignBench): Uint8Array => {
    const { bench } = files;
    bench.write('nss-in.p12', openssl(name, 'transfer', '-certfile', `${name}-ca.crt`)(files));
    rmSync(bench.path('nss-made'), { recursive: true, force: true });
    bench.makeDirectory('nss-made');
    bench.run('certutil', '-N', '-d', 'sql:nss-made', '--empty-password');
    bench.run('pk12util', '-i', 'nss-in.p12', '-d', 'sql:nss-made', '-W', 'transfer', '-K', '');
    bench.write('nss-password', password);
    const names = ['-n', `${name} のキー`, '-d', 'sql:nss-made', '-w', 'nss-password', '-K', ''];
    bench.run('pk12util', '-o', 'nss.p12', ...names, ...options);
    return bench.read('nss.p12');
  };

const nodeForge =
  (password: string, algorithm: '3des' | 'aes256') =>
  ({ bench }: ForeignBench): Uint8Array => {
    const pem = (name: string): string => Buffer.from(bench.read(name)).toString('latin1');
    const key = forge.pki.privateKeyFromPem(pem('rsa.key'));
    const certificates = ['rsa.crt', 'rsa-ca.crt'].map((name) => forge.pki.certificateFromPem(pem(name)));
    const pfx = forge.pkcs12.toPkcs12Asn1(key, certificates, password, { algorithm, friendlyName: 'forge' });
    return Buffer.from(forge.asn1.toDer(pfx).getBytes(), 'latin1');
  };

// ── by hand: what no tool at hand writes ───────────────────────────────────────────────────────────

const bag = (type: number, value: Uint8Array, ...attributes: readonly Uint8Array[]): Uint8Array =>
  sequence(
    oid(`1.2.840.113549.1.12.10.1.${type}`),
    explicit(0, value),
    ...(attributes.length > 0 ? [setOf(...attributes)] : []),
  );
const certificateBag = (certificate: Uint8Array, ...attributes: readonly Uint8Array[]): Uint8Array =>
  bag(3, sequence(oid('1.2.840.113549.1.9.22.1'), explicit(0, octetString(certificate))), ...attributes);
const localKeyId = sequence(oid('1.2.840.113549.1.9.21'), setOf(octetString(Buffer.of(1))));
const named = sequence(
  oid('1.2.840.113549.1.9.20'),
  setOf(encode(Tag.bmpString, Buffer.from('手製', 'utf16le').swap16())),
);
const data = (content: Uint8Array): Uint8Array =>
  sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octetString(content)));

/** RFC 9579, bags in the clear under it. */
const pbmac1 = ({ rsa }: ForeignBench): Uint8Array => {
  const safe = sequence(data(sequence(bag(1, rsa.key, named), certificateBag(rsa.certificate))));
  const hmac = sequence(oid('1.2.840.113549.2.9'), nullValue());
  const parameters = sequence(octetString(Buffer.from('saltsalt')), integer(2048), integer(32), hmac);
  const derivation = sequence(oid('1.2.840.113549.1.5.12'), parameters);
  const mac = createHmac('sha256', pbkdf2Sync(ascii, 'saltsalt', 2048, 32, 'sha256'))
    .update(safe)
    .digest();
  const algorithm = sequence(oid('1.2.840.113549.1.5.14'), sequence(derivation, hmac));
  const macData = sequence(
    sequence(algorithm, octetString(mac)),
    octetString(Buffer.from('none')),
    integer(1),
  );
  return sequence(integer(3), data(safe), macData);
};

const clear = (...bags: readonly Uint8Array[]): Uint8Array =>
  sequence(integer(3), data(sequence(data(sequence(...bags)))));

const withCrlAndSecret = ({ rsa }: ForeignBench): Uint8Array =>
  clear(
    bag(4, sequence(oid('1.2.840.113549.1.9.23.1'), explicit(0, octetString(new Uint8Array(3))))),
    bag(5, sequence(oid('1.2.3'), explicit(0, octetString(new Uint8Array(3))))),
    bag(1, rsa.key, localKeyId),
    certificateBag(rsa.certificate, localKeyId),
    certificateBag(rsa.authority),
  );

const mismatched = ({ rsa, ec }: ForeignBench): Uint8Array =>
  clear(bag(1, rsa.key, localKeyId), certificateBag(ec.certificate, localKeyId));

const both = { nss: true, java: true };
const rsaKey = ['RSA 2048'];
const ecKey = ['EC P-256'];

/** By what is special about them; each group is a test file of its own, since each of those has two minutes. */
export const foreignFiles = {
  default: [
    {
      made: 'openssl 3, RSA, chain',
      make: openssl('rsa', ascii, ...chain),
      password: ascii,
      keys: rsaKey,
      chain: 1,
      protection: ['HMAC-SHA256', aes, aes],
      imports: both,
    },
    {
      made: 'openssl 3, RSA, no chain',
      make: openssl('rsa', ascii),
      password: ascii,
      keys: rsaKey,
      chain: 0,
      imports: both,
    },
    {
      made: 'openssl 3, EC, chain',
      make: openssl('ec', ascii, ...ecChain),
      password: ascii,
      keys: ecKey,
      chain: 1,
      imports: both,
    },
    {
      made: 'openssl -CSP',
      make: openssl('rsa', ascii, '-CSP', 'Microsoft Software Key Storage Provider'),
      password: ascii,
      keys: rsaKey,
      imports: both,
    },
  ],
  legacy: [
    {
      made: 'openssl -legacy, RSA',
      make: openssl('rsa', ascii, '-legacy', ...chain),
      password: ascii,
      keys: rsaKey,
      chain: 1,
      protection: ['HMAC-SHA1', 'PBE-SHA1-3DES', 'PBE-SHA1-RC2-40'],
      imports: both,
    },
    {
      made: 'openssl -legacy, EC',
      make: openssl('ec', ascii, '-legacy'),
      password: ascii,
      keys: ecKey,
      chain: 0,
      imports: both,
    },
    {
      made: 'openssl, triple DES and SHA-1',
      make: openssl(
        'rsa',
        ascii,
        '-keypbe',
        'PBE-SHA1-3DES',
        '-certpbe',
        'PBE-SHA1-3DES',
        '-macalg',
        'sha1',
        ...chain,
      ),
      password: ascii,
      keys: rsaKey,
      chain: 1,
      protection: ['HMAC-SHA1', 'PBE-SHA1-3DES', 'PBE-SHA1-3DES'],
      imports: both,
    },
  ],
  password: [
    {
      made: 'openssl 3, empty password',
      make: openssl('rsa', '', ...chain),
      password: '',
      keys: rsaKey,
      chain: 1,
      imports: both,
    },
    {
      made: 'openssl -legacy, empty password',
      make: openssl('ec', '', '-legacy'),
      password: '',
      keys: ecKey,
      imports: both,
    },
    {
      made: 'openssl 3, Japanese password',
      make: openssl('rsa', japanese, ...chain),
      password: japanese,
      keys: rsaKey,
      chain: 1,
      imports: { nss: true, java: false },
    },
    {
      made: 'openssl -legacy, Japanese password',
      make: openssl('ec', japanese, '-legacy'),
      password: japanese,
      keys: ecKey,
      imports: { nss: true, java: false },
    },
  ],
  unprotected: [
    {
      made: 'openssl -nomac',
      make: openssl('rsa', ascii, '-nomac', ...chain),
      password: ascii,
      keys: rsaKey,
      chain: 1,
      protection: ['none', aes, 'none'],
      imports: { nss: false, java: true },
    },
    {
      made: 'openssl, key and certificates in the clear',
      make: openssl('rsa', ascii, '-keypbe', 'NONE', '-certpbe', 'NONE', ...chain),
      password: ascii,
      keys: rsaKey,
      chain: 1,
      protection: ['HMAC-SHA256', 'none', 'none'],
      imports: { nss: true, java: false },
    },
    {
      made: 'openssl, certificates in the clear',
      make: openssl('rsa', ascii, '-certpbe', 'NONE'),
      password: ascii,
      keys: rsaKey,
      protection: ['HMAC-SHA256', aes, 'none'],
      imports: both,
    },
    {
      made: 'openssl, nothing protected',
      make: openssl('rsa', '', '-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac'),
      password: '',
      keys: rsaKey,
      protection: ['none', 'none', 'none'],
      imports: { nss: false, java: false },
    },
  ],
  algorithm: [
    {
      made: 'openssl, key under RC2-40',
      make: openssl('rsa', ascii, '-legacy', '-keypbe', 'PBE-SHA1-RC2-40'),
      password: ascii,
      keys: rsaKey,
      protection: ['HMAC-SHA1', 'PBE-SHA1-RC2-40', 'PBE-SHA1-RC2-40'],
      imports: both,
    },
    {
      made: 'openssl, two-key triple DES and RC2-128',
      make: openssl('rsa', ascii, '-legacy', '-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-RC2-128'),
      password: ascii,
      keys: rsaKey,
      protection: ['HMAC-SHA1', 'PBE-SHA1-2DES', 'PBE-SHA1-RC2-128'],
      imports: { nss: false, java: false },
    },
    {
      made: 'openssl, AES-192 and SHA-384',
      make: openssl('rsa', ascii, '-keypbe', 'AES-192-CBC', '-certpbe', 'AES-128-CBC', '-macalg', 'sha384'),
      password: ascii,
      keys: rsaKey,
      protection: ['HMAC-SHA384', 'AES-192-CBC, PBKDF2-HMAC-SHA256', 'AES-128-CBC, PBKDF2-HMAC-SHA256'],
      imports: { nss: true, java: false },
    },
    {
      made: 'openssl, over five million iterations',
      make: openssl('ec', ascii, '-iter', '5000001', '-nomaciter', '-certpbe', 'NONE'),
      password: ascii,
      keys: ecKey,
      imports: { nss: true, java: false },
    },
  ],
  key: [
    {
      made: 'node-forge, triple DES',
      make: nodeForge(ascii, '3des'),
      password: ascii,
      keys: rsaKey,
      chain: 1,
      imports: both,
    },
    {
      made: 'node-forge, AES-256',
      make: nodeForge(ascii, 'aes256'),
      password: ascii,
      keys: rsaKey,
      chain: 1,
      imports: both,
    },
    {
      made: 'openssl, EC P-384',
      make: openssl('p384', ascii),
      password: ascii,
      keys: ['EC P-384'],
      imports: both,
    },
    {
      made: 'openssl, Ed25519',
      make: openssl('ed25519', ascii),
      password: ascii,
      keys: ['Ed25519'],
      imports: { nss: false, java: true },
      rewrap: 'java-only',
    },
    {
      made: 'openssl, certificates alone',
      make: openssl('rsa', ascii, '-nokeys'),
      password: ascii,
      keys: [],
      imports: { nss: false, java: false },
      rewrap: 'absent',
    },
    {
      made: 'openssl, RC4',
      make: openssl('rsa', ascii, '-legacy', '-keypbe', 'PBE-SHA1-RC4-128'),
      password: ascii,
      refused: 'UNSUPPORTED_ALGORITHM',
      imports: both,
    },
    {
      made: 'openssl, MD5 MAC',
      make: openssl('rsa', ascii, '-macalg', 'md5'),
      password: ascii,
      refused: 'UNSUPPORTED_ALGORITHM',
      imports: both,
    },
  ],
  keytool: [
    {
      made: 'keytool, RSA',
      make: keytool({ taro: javaRsa }),
      password: ascii,
      keys: rsaKey,
      chain: 0,
      imports: both,
    },
    {
      made: 'keytool, EC',
      make: keytool({ hanako: javaEc }),
      password: ascii,
      keys: ecKey,
      chain: 0,
      imports: both,
    },
  ],
  gnutls: [
    {
      made: 'certtool, RSA',
      make: certtool('rsa', '--password', ascii),
      password: ascii,
      keys: rsaKey,
      chain: 0,
      imports: both,
    },
    {
      made: 'certtool, EC, AES-256, Japanese password',
      make: certtool('ec', '--password', japanese, '--pkcs-cipher', 'aes-256', '--hash', 'SHA512'),
      password: japanese,
      keys: ecKey,
      imports: { nss: true, java: false },
    },
  ],
  gnutlsNull: [
    {
      made: 'certtool, null password',
      make: certtool('ec', '--null-password', '--pkcs-cipher', '3des-pkcs12'),
      password: '',
      keys: ecKey,
      imports: both,
    },
  ],
  keytoolOdd: [
    {
      made: 'keytool, legacy',
      make: keytool({ taro: javaRsa }, '-J-Dkeystore.pkcs12.legacy'),
      password: ascii,
      keys: rsaKey,
      protection: ['HMAC-SHA1', 'PBE-SHA1-3DES', 'PBE-SHA1-RC2-40'],
      imports: both,
    },
    {
      made: 'keytool, two identities',
      make: keytool({ taro: javaRsa, hanako: javaEc }),
      password: ascii,
      keys: ['RSA 2048', 'EC P-256'],
      imports: both,
      rewrap: 'ambiguous',
    },
  ],
  nss: [
    {
      made: 'NSS, RSA, BER',
      make: nss('rsa', ascii),
      password: ascii,
      keys: rsaKey,
      chain: 1,
      imports: both,
    },
    {
      made: 'NSS, EC, Japanese password, BER',
      make: nss('ec', japanese),
      password: japanese,
      keys: ecKey,
      chain: 1,
      imports: { nss: true, java: false },
    },
  ],
  handmade: [
    {
      made: 'by hand, PBMAC1',
      make: pbmac1,
      password: ascii,
      keys: rsaKey,
      imports: { nss: false, java: false },
    },
    {
      made: 'by hand, with a CRL and a secret',
      make: withCrlAndSecret,
      password: '',
      keys: rsaKey,
      chain: 1,
      imports: { nss: false, java: false },
    },
    {
      made: "by hand, another one's key",
      make: mismatched,
      password: '',
      keys: rsaKey,
      imports: { nss: false, java: false },
      rewrap: 'mismatch',
    },
  ],
} as const satisfies Readonly<Record<string, readonly ForeignFile[]>>;
