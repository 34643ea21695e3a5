/** The roots that browsers trust, as the runtime carries them (Mozilla's list): to tell a complete chain from a cut one. */
import { rootCertificates } from 'node:tls';
import { type Certificate, readCertificates } from '../x509/certificate.ts';

let parsed: readonly Certificate[] | undefined;

/** Read once per process, at first use; one that our strict parser refuses is left out. */
export function publicRoots(): readonly Certificate[] {
  parsed ??= rootCertificates.flatMap((pem) => {
    try {
      return readCertificates(Buffer.from(pem));
    } catch {
      return [];
    }
  });
  return parsed;
}
