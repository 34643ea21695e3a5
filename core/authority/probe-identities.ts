/** The wrong certificates that step 7 shows to a listener: each must be refused, each for its own reason. */
import { type CoreContext, now } from '../context.ts';
import type { IdentityCase, ProbeIdentity } from '../probe/probe.ts';
import type { AuthorityRecord } from '../registry/records.ts';
import { buildTbsCertificate, randomSerial, signStructure } from '../x509/certificate.ts';
import { generatePrivateKey, keyIdentifier, publicKeyOf, signerFor } from '../x509/key.ts';
import { parseNameText } from '../x509/name.ts';
import { issueLeaf, type Validity } from './issue.ts';
import { type LeafPurpose, leafExtensions, rootExtensions } from './profiles.ts';

const hourMs = 3_600_000;

/** A client certificate of the real CA, good for an hour: the one that must be let in. @throws Problem VAULT_LOCKED, AUTHORITY_* */
export function mintRightIdentity(context: CoreContext, authority: AuthorityRecord): Promise<ProbeIdentity> {
  const at = now(context).getTime();
  return mint(context, authority, 'Warifu probe: client', 'client', {
    notBefore: new Date(at - hourMs),
    notAfter: new Date(at + hourMs),
  });
}

/**
 * Three certificates of the real CA (recorded under profile `probe`) and one of a CA made on the spot.
 * The not-yet-valid one is good for one minute, tomorrow; its key is gone by then.
 * @throws Problem VAULT_LOCKED, AUTHORITY_*
 */
export async function mintWrongIdentities(context: CoreContext, authority: AuthorityRecord) {
  const at = now(context).getTime();
  const span = (from: number, to: number): Validity => ({
    notBefore: new Date(at + from),
    notAfter: new Date(at + to),
  });
  return {
    expired: await mint(
      context,
      authority,
      'Warifu probe: expired',
      'client',
      span(-48 * hourMs, -24 * hourMs),
    ),
    'not-yet-valid': await mint(
      context,
      authority,
      'Warifu probe: not yet valid',
      'client',
      span(24 * hourMs, 24 * hourMs + 60_000),
    ),
    'server-auth-only': await mint(
      context,
      authority,
      'Warifu probe: server only',
      'server',
      span(-hourMs, hourMs),
    ),
    'wrong-ca': await mintIdentityElsewhere(context),
  } satisfies Partial<Record<IdentityCase, ProbeIdentity>>;
}

async function mint(
  context: CoreContext,
  authority: AuthorityRecord,
  name: string,
  purpose: LeafPurpose,
  validity: Validity,
): Promise<ProbeIdentity> {
  const key = await generatePrivateKey('rsa-2048');
  const request = {
    authority,
    profile: 'probe',
    purpose,
    subject: parseNameText(name),
    spki: publicKeyOf(key),
    names: [],
    validity,
  } as const;
  const { der } = await issueLeaf(context, request);
  return { key, certificates: [der] };
}

/** Signed by a CA that nobody trusts; neither is recorded, since no CA of ours made it. */
export async function mintIdentityElsewhere(context: CoreContext): Promise<ProbeIdentity> {
  const at = now(context).getTime();
  const validity = { notBefore: new Date(at - hourMs), notAfter: new Date(at + hourMs) };
  const [issuerKey, key] = await Promise.all([
    generatePrivateKey('rsa-2048'),
    generatePrivateKey('rsa-2048'),
  ]);
  const signer = signerFor(issuerKey);
  const issuer = parseNameText('Warifu probe: another CA');
  const spki = publicKeyOf(key);
  const sign = (subject: typeof issuer, leaf: boolean): Uint8Array => {
    const extensions = leaf
      ? leafExtensions('client', spki, keyIdentifier(signer.spki), [])
      : rootExtensions(signer.spki);
    const template = {
      serial: randomSerial(),
      issuer,
      subject,
      ...validity,
      spki: leaf ? spki : signer.spki,
      extensions,
    };
    return signStructure(buildTbsCertificate(template, signer.algorithm), signer);
  };
  return {
    key,
    certificates: [sign(parseNameText('Warifu probe: somebody else'), true), sign(issuer, false)],
  };
}
