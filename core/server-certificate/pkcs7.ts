/** Certificates in a PKCS#7 file (`.p7b`, `.p7c`), as many CAs deliver a chain for Windows (RFC 5652 §5.1, certificates only). */
import { berToDer } from '../x509/ber.ts';
import { type Certificate, parseCertificate } from '../x509/certificate.ts';
import { context, DerReader, Tag } from '../x509/der.ts';
import { X509Error } from '../x509/errors.ts';

const what = 'PKCS#7';
const signedData = '1.2.840.113549.1.7.2';

/** In the order of the file, which means nothing. @throws X509Error DER_MALFORMED, UNSUPPORTED_ALGORITHM, INPUT_TOO_LARGE */
export function readPkcs7Certificates(bytes: Uint8Array): readonly Certificate[] {
  const contentInfo = DerReader.over(berToDer(bytes, what), what).enter();
  const type = contentInfo.oid();
  if (type !== signedData) throw new X509Error('UNSUPPORTED_ALGORITHM', { what, algorithm: type });
  const content = contentInfo.enter(context(0)).enter();
  content.smallInteger();
  content.enter(Tag.set);
  content.enter();
  const list = content.enterOptional(context(0));
  const certificates: Certificate[] = [];
  while (list && !list.atEnd) {
    const { tag, encoded } = list.any();
    // The other CertificateChoices are obsolete or attribute certificates.
    if (tag === Tag.sequence) certificates.push(parseCertificate(encoded));
  }
  return certificates;
}
