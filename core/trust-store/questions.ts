/** What a certificate alone answers of "why does my browser not offer it?", whichever store holds it. */
import type { DiagnosisFinding } from '../../contract/trust-store.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readExtKeyUsage } from '../x509/extensions.ts';
import { nameText } from '../x509/name.ts';
import { Oid } from '../x509/oids.ts';
import type { DiagnoseOptions } from './store.ts';

/** @param chain the certificate itself and its issuers, as far as the store knows them */
export function askCertificate(
  certificate: Certificate,
  chain: readonly Certificate[],
  { now, advertisedNames }: DiagnoseOptions,
): readonly DiagnosisFinding[] {
  const purposes = readExtKeyUsage(certificate.extensions);
  const forClients =
    !purposes || purposes.includes(Oid.clientAuth) || purposes.includes(Oid.anyExtendedKeyUsage);
  return [
    { check: 'not-before', ok: certificate.notBefore <= now, detail: certificate.notBefore.toISOString() },
    { check: 'not-after', ok: now <= certificate.notAfter, detail: certificate.notAfter.toISOString() },
    { check: 'for-client-authentication', ok: forClients, detail: purposes?.join(', ') ?? 'any' },
    {
      check: 'issuer-advertised',
      ok: issuerIsAdvertised(chain, advertisedNames),
      detail: nameText(certificate.issuer),
    },
  ];
}

/** A browser offers a certificate when any issuer of its chain is named, or when the server names none. */
function issuerIsAdvertised(
  chain: readonly Certificate[],
  advertised: readonly Uint8Array[] | undefined,
): boolean | null {
  if (advertised === undefined) return null;
  return (
    advertised.length === 0 ||
    chain.some(({ issuer }) => advertised.some((name) => Buffer.compare(name, issuer.der) === 0))
  );
}

/** Whether it was started before or after the install cannot be told; a running one is the usual reason. */
export function askBrowser(isRunning: boolean): DiagnosisFinding {
  return {
    check: 'browser-restarted',
    ok: isRunning ? null : true,
    detail: isRunning ? 'running' : 'not running',
  };
}
