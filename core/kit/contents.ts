/** What lies in a kit: the identity, the CA, a script for each system, the guide, and the sums of them all. */
import { createHash, createPublicKey } from 'node:crypto';
import { type Zippable, zipSync } from 'fflate';
import type { KitTarget } from '../../contract/kit.ts';
import type { Language } from '../../contract/problems/define.ts';
import {
  type Certificate,
  certificatePem,
  fingerprint1,
  fingerprint256,
  parseCertificate,
} from '../x509/certificate.ts';
import { commonName, nameText } from '../x509/name.ts';
import { guidePage } from './guide.ts';
import { linuxScript, macosScript, windowsScript, windowsStarter } from './scripts.ts';
import { wordsFor } from './words/words.ts';

export interface KitParts {
  readonly name: string;
  /** Safe as a file name; the kit's folder and the PKCS#12 are called so. */
  readonly stem: string;
  readonly pkcs12: Uint8Array;
  /** DER. */
  readonly certificate: Uint8Array;
  readonly authority: Certificate;
  readonly language: Language;
  readonly target: KitTarget;
  readonly url: string | undefined;
  readonly madeAt: Date;
}

/** One file of a kit; `executable` becomes its Unix mode. */
interface KitFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly executable?: boolean;
}

/** Upper-case hex pairs with colons, as certutil, openssl and browsers show them. */
const pairs = (hex: string): string =>
  hex
    .replaceAll(':', '')
    .toUpperCase()
    .replace(/..(?=.)/g, '$&:');

/** The zip, with a folder of the person's name in it. Names are UTF-8 and say so; modes are kept. */
export function kitZip(parts: KitParts): Uint8Array {
  const files = kitFiles(parts);
  const sums = files.map(
    ({ name, content }) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`,
  );
  const all: readonly KitFile[] = [
    ...files,
    { name: 'SHA256SUMS', content: Buffer.from(sums.join(''), 'utf8') },
  ];
  const entries: Zippable = {};
  for (const { name, content, executable } of all)
    entries[`${parts.stem}/${name}`] = [
      content,
      // "Made by Unix", so that the mode in the upper half of the attributes counts (APPNOTE.TXT 4.4.2, 4.4.15).
      { os: 3, attrs: (executable ? 0o100755 : 0o100644) * 2 ** 16, mtime: parts.madeAt, level: 6 },
    ];
  return zipSync(entries);
}

function kitFiles(parts: KitParts): readonly KitFile[] {
  const { name, stem, pkcs12, authority, language, target, url } = parts;
  const words = wordsFor(language);
  const leaf = parseCertificate(parts.certificate);
  const p12Name = `${stem}.p12`;
  const sha1 = pairs(fingerprint1(leaf.der));
  const sha256 = pairs(fingerprint256(leaf.der));
  const values = {
    name,
    p12Name,
    thumbprint: sha1.replaceAll(':', ''),
    fingerprint: sha256,
    keyId: nssKeyId(leaf.spki),
    caName: commonName(authority.subject) || nameText(authority.subject),
    caThumbprint: pairs(fingerprint1(authority.der)).replaceAll(':', ''),
  };
  const wants = (system: KitTarget): boolean => target === 'any' || target === system;
  const guide = guidePage({
    name,
    p12Name,
    subject: nameText(leaf.subject),
    issuer: nameText(leaf.issuer),
    serial: leaf.serial,
    notAfter: leaf.notAfter,
    sha256,
    sha1,
    url,
    target,
    language,
  });
  return [
    { name: 'guide.html', content: Buffer.from(guide, 'utf8') },
    ...(wants('windows')
      ? [
          { name: 'Install-Windows.cmd', content: windowsStarter() },
          { name: 'Install-Windows.ps1', content: windowsScript(values, words) },
        ]
      : []),
    ...(wants('macos')
      ? [{ name: 'install-macos.command', content: macosScript(values, words), executable: true }]
      : []),
    ...(wants('linux')
      ? [{ name: 'install-linux.sh', content: linuxScript(values, words), executable: true }]
      : []),
    { name: p12Name, content: pkcs12 },
    { name: 'CA.cer', content: authority.der },
    { name: 'CA.pem', content: Buffer.from(certificatePem(authority.der), 'ascii') },
  ];
}

/** CKA_ID that NSS gives a key it imports: SHA-1 of the RSA modulus or of the EC point. */
function nssKeyId(spki: Uint8Array): string {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const jwk = key.export({ format: 'jwk' });
  const octets = (field: string | undefined): Buffer => Buffer.from(field ?? '', 'base64url');
  const id = jwk.kty === 'RSA' ? octets(jwk.n) : Buffer.concat([Buffer.of(4), octets(jwk.x), octets(jwk.y)]);
  return createHash('sha1').update(id).digest('hex');
}
