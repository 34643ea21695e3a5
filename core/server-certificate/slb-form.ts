/** The form that CLB takes (UploadServerCertificate, "Certificate requirements"). */
import { type Certificate, certificatePem } from '../x509/certificate.ts';
import { DerReader, Tag } from '../x509/der.ts';
import { publicKeyOf, traditionalKey } from '../x509/key.ts';
import { toPem } from '../x509/pem.ts';
import { isSelfSigned } from './path.ts';

export interface SlbForm {
  /** PEM, leaf first, then intermediates; 64 columns, LF, no blank line, no root. */
  readonly serverCertificate: string;
  /** PKCS#1 for RSA; EC PARAMETERS and SEC1 for EC. Never encrypted: CLB takes no password. */
  readonly privateKey: string;
}

/** The chain as CLB takes it. `chain` is in order; a root above the leaf is left out. */
export function slbChainPem(chain: readonly Certificate[]): string {
  return chain
    .filter((certificate, at) => at === 0 || !isSelfSigned(certificate))
    .map(({ der }) => certificatePem(der))
    .join('');
}

/** A PKCS#8 key as CLB takes it: what `openssl rsa -traditional` and `openssl ecparam -genkey` write. */
export function slbKeyPem(pkcs8: Uint8Array): string {
  const { label, der } = traditionalKey(pkcs8);
  const pem = toPem(label, der);
  der.fill(0);
  return label === 'EC PRIVATE KEY' ? toPem('EC PARAMETERS', curveOf(publicKeyOf(pkcs8))) + pem : pem;
}

/** The curve's OBJECT IDENTIFIER, DER, out of a SubjectPublicKeyInfo (RFC 5480 §2.1.1). */
function curveOf(spki: Uint8Array): Uint8Array {
  const algorithm = DerReader.over(spki, 'public key').enter().enter();
  algorithm.oid();
  return algorithm.read(Tag.oid).encoded;
}
