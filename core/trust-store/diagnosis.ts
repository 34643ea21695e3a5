/** Questions about a certificate that are the same in every store. They look, and change nothing. */
import type { DiagnosisFinding } from '../../contract/trust-store.ts';
import { type Certificate, parseCertificate } from '../x509/certificate.ts';
import { orderChain } from '../x509/chain.ts';
import { readExtKeyUsage } from '../x509/extensions.ts';
import { describePublicKey } from '../x509/key.ts';
import { nameText, sameName } from '../x509/name.ts';
import { Oid } from '../x509/oids.ts';
import type { DiagnoseOptions } from './store.ts';

/** What policies are asked: for which certificates, and for which address when one is meant. */
export interface PolicyQuestion {
  readonly identities: readonly { readonly name: string; readonly certificate: Certificate }[];
  readonly target?: DiagnoseOptions['target'];
}

/** One certificate of a store, with what only the store can tell. */
export interface HeldIdentity {
  /** What the store calls it. */
  readonly name: string;
  readonly certificate: Certificate;
  /** The key signs; null when that could not be tried. */
  readonly keyUsable: boolean | null;
  /** The store trusts this certificate for web sites. */
  readonly trusts: (authority: Certificate) => boolean;
}

/** Everything that can be asked of one identity, in the order of the contract. `pool`: whatever the store holds. */
export function diagnoseIdentity(
  { name, certificate, keyUsable, trusts }: HeldIdentity,
  pool: readonly Certificate[],
  { now, advertisedNames, signatureSchemes, serverChain }: DiagnoseOptions,
): readonly DiagnosisFinding[] {
  const chain = orderChain(certificate, pool).chain;
  const top = chain.at(-1) ?? certificate;
  const purposes = readExtKeyUsage(certificate.extensions);
  const forClients =
    !purposes || purposes.includes(Oid.clientAuth) || purposes.includes(Oid.anyExtendedKeyUsage);
  const findings: readonly DiagnosisFinding[] = [
    { check: 'key-usable', ok: keyUsable, detail: name },
    { check: 'not-before', ok: certificate.notBefore <= now, detail: certificate.notBefore.toISOString() },
    { check: 'not-after', ok: now <= certificate.notAfter, detail: certificate.notAfter.toISOString() },
    { check: 'for-client-authentication', ok: forClients, detail: purposes?.join(', ') ?? 'any' },
    {
      check: 'issuer-advertised',
      ok: issuerIsAdvertised(chain, advertisedNames),
      detail: nameText(certificate.issuer),
    },
    ...signatureFinding(certificate, signatureSchemes),
    ...(serverComesFrom(top, serverChain)
      ? [{ check: 'authority-trusted', ok: trusts(top), detail: nameText(top.subject) } as const]
      : []),
  ];
  return findings.map((finding) => ({ ...finding, certificate: name }));
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

/** Empty when the server's list is unknown: before TLS 1.2 there was none. */
function signatureFinding(
  { spki }: Certificate,
  schemes: readonly string[] | undefined,
): readonly DiagnosisFinding[] {
  if (!schemes || schemes.length === 0) return [];
  const { type, text } = describePublicKey(spki);
  const fitting = schemes.filter((scheme) =>
    type === 'rsa' ? /^rsa_(pkcs1|pss_rsae)_/.test(scheme) : /^ecdsa_/.test(scheme),
  );
  return [{ check: 'signature-accepted', ok: fitting.length > 0, detail: text }];
}

/** Trust in a CA matters only to a server that has its certificate from it. Unknown counts as yes. */
function serverComesFrom(top: Certificate, chain: readonly Uint8Array[] | undefined): boolean {
  if (!chain || chain.length === 0) return true;
  return chain.some((der) => {
    try {
      return sameName(parseCertificate(der).issuer, top.subject);
    } catch {
      return false;
    }
  });
}
