/** Certificates for these tests: a CA, and server certificates signed by it. */

import {
  buildTbsCertificate,
  certificatePem,
  randomSerial,
  signStructure,
} from '../../../core/x509/certificate.ts';
import {
  basicConstraints,
  type Extension,
  extKeyUsage,
  keyUsage,
  subjectAltName,
} from '../../../core/x509/extensions.ts';
import { generatePrivateKey, type KeyAlgorithm, publicKeyOf, signerFor } from '../../../core/x509/key.ts';
import { parseNameText } from '../../../core/x509/name.ts';

export interface Made {
  readonly pem: string;
  /** PKCS#8 DER. */
  readonly key: Uint8Array;
  readonly name: string;
}

const day = 86_400_000;

export interface Shape {
  readonly algorithm?: KeyAlgorithm;
  readonly extensions?: readonly Extension[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export async function makeCertificate(
  name: string,
  issuer: Made | undefined,
  shape: Shape = {},
): Promise<Made> {
  const key = await generatePrivateKey(shape.algorithm ?? 'rsa-2048');
  const signer = signerFor(issuer?.key ?? key);
  const tbs = buildTbsCertificate(
    {
      serial: randomSerial(),
      issuer: parseNameText(issuer?.name ?? name),
      subject: parseNameText(name),
      notBefore: shape.notBefore ?? new Date(Date.now() - day),
      notAfter: shape.notAfter ?? new Date(Date.now() + 30 * day),
      spki: publicKeyOf(key),
      extensions: shape.extensions ?? [],
    },
    signer.algorithm,
  );
  return { pem: certificatePem(signStructure(tbs, signer)), key, name };
}

export const caExtensions = [
  basicConstraints({ ca: true, pathLength: 0 }),
  keyUsage('keyCertSign', 'cRLSign'),
];

export function makeCa(name: string, shape: Shape = {}): Promise<Made> {
  return makeCertificate(name, undefined, { extensions: caExtensions, ...shape });
}

export function makeServer(host: string, ca: Made, shape: Shape = {}): Promise<Made> {
  const extensions = [
    basicConstraints({ ca: false, pathLength: null }),
    keyUsage('digitalSignature', 'keyEncipherment'),
    extKeyUsage('1.3.6.1.5.5.7.3.1'),
    subjectAltName([{ type: 'dns', value: host }]),
  ];
  return makeCertificate(`CN=${host}`, ca, { extensions, ...shape });
}
