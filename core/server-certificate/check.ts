/** What is true of a server certificate before a listener gets it: its chain in order, and everything that is wrong. */
import { createPublicKey } from 'node:crypto';
import type { ChainTrust, ClbVerdict } from '../../contract/server-certificate.ts';
import {
  type FindingCode,
  type FindingData,
  type ServerCertificateFinding,
  serverCertificateFindings,
  sortFindings,
} from '../../contract/server-certificate-findings.ts';
import type { Certificate } from '../x509/certificate.ts';
import { isAuthority } from '../x509/chain.ts';
import { readExtKeyUsage, readKeyUsage } from '../x509/extensions.ts';
import { describePublicKey, signatureName } from '../x509/key.ts';
import { nameText } from '../x509/name.ts';
import { Oid } from '../x509/oids.ts';
import { covers, hostsOf, parseHost } from './host.ts';
import {
  findPath,
  hasSigned,
  isBrokenSignature,
  isSame,
  isSameAuthority,
  isSelfSigned,
  namesMatch,
} from './path.ts';
import { publicRoots } from './public-roots.ts';

const dayMs = 86_400_000;
/** CLB's certificate management page, "Certificate requirements". */
const clbRsaBits = [1024, 2048, 4096];

export interface CheckInput {
  readonly leaf: Certificate;
  /** Everything that came along, in any order; the leaf may be among it. */
  readonly pool: readonly Certificate[];
  /** The certificates of each PEM file as they stood there, to tell whether they were in order. */
  readonly files?: readonly (readonly Certificate[])[];
  /** SubjectPublicKeyInfo of the private key at hand; the key itself is not needed here. */
  readonly publicKey?: Uint8Array | undefined;
  /** Hosts that the certificate has to cover. */
  readonly hosts?: readonly string[];
  /** CA certificates known from elsewhere: a chain that one of them has signed lacks nothing. */
  readonly authorities?: readonly Certificate[];
  /** Roots that browsers trust; by default those of the runtime. */
  readonly publicRoots?: readonly Certificate[];
  readonly now: Date;
}

export interface ServerCertificateCheck {
  /** What a server presents: leaf first, then intermediates, without the root. */
  readonly chain: readonly Certificate[];
  readonly trust: ChainTrust;
  /** Worst first. */
  readonly findings: readonly ServerCertificateFinding[];
  readonly clb: ClbVerdict;
}

/** @throws X509Error DER_MALFORMED for a broken extension; Problem VALUE_INVALID for a host that is none. */
export function checkServerCertificate(input: CheckInput): ServerCertificateCheck {
  const { leaf, pool, now } = input;
  const path = findPath(leaf, pool, now);
  const anchor = findAnchor(path.chain, path.unused, input);
  const chain = path.chain.filter((member, at) => at === 0 || !isSelfSigned(member));
  const findings = sortFindings([
    ...keyFindings(input),
    ...purposeFindings(leaf),
    ...nameFindings(leaf, input.hosts ?? []),
    ...path.chain.flatMap((member, at) => memberFindings(member, at, anchor.trust, now)),
    ...path.chain.slice(1).flatMap((issuer, at) => linkFindings(path.chain[at]!, issuer)),
    ...endFindings(path.chain, path.unused, anchor),
    ...poolFindings(path.chain, path.unused, input.files ?? []),
  ]);
  return { chain, trust: anchor.trust, findings, clb: clbVerdict(findings) };
}

/** Whether CLB takes a server certificate with this key. @throws X509Error DER_MALFORMED */
export function checkKeyForClb(spki: Uint8Array): readonly ServerCertificateFinding[] {
  const key = describePublicKey(spki);
  return key.type === 'rsa' && clbRsaBits.includes(key.bits)
    ? []
    : [report('CLB_ALGORITHM', { key: key.text })];
}

/** What among `findings` keeps CLB from taking the certificate. Expiry is not among it: CLB takes it, visitors do not. */
export function clbVerdict(findings: readonly ServerCertificateFinding[]): ClbVerdict {
  const obstacles = findings
    .map(({ code }) => code)
    .filter((code) => ['KEY_MISSING', 'KEY_MISMATCH', 'CLB_ALGORITHM'].includes(code));
  return { accepted: obstacles.length === 0, obstacles };
}

function report<C extends FindingCode>(code: C, data: FindingData<C>): ServerCertificateFinding {
  return { code, severity: serverCertificateFindings[code].severity, data };
}

// ── the leaf ───────────────────────────────────────────────────────────────────────────────────────

function keyFindings({ leaf, pool, publicKey }: CheckInput): ServerCertificateFinding[] {
  const subject = nameText(leaf.subject);
  const forClb = checkKeyForClb(leaf.spki);
  if (publicKey === undefined) return [report('KEY_MISSING', { subject }), ...forClb];
  if (isSameKey(leaf.spki, publicKey)) return [...forClb];
  const owner = pool.find(({ spki }) => isSameKey(spki, publicKey));
  const ownerFinding = owner ? [report('KEY_BELONGS_TO', { owner: nameText(owner.subject) })] : [];
  return [
    report('KEY_MISMATCH', { subject, key: describePublicKey(publicKey).text }),
    ...ownerFinding,
    ...forClb,
  ];
}

/** The same public key, however its SubjectPublicKeyInfo was written (compressed points, parameters left out). */
export function isSameKey(a: Uint8Array, b: Uint8Array): boolean {
  if (Buffer.compare(a, b) === 0) return true;
  const left = publicNumbers(a);
  return left !== undefined && left === publicNumbers(b);
}

/** KeyObject.equals would leave an error behind for keys of two kinds, which a later, innocent call then reports. */
function publicNumbers(spki: Uint8Array): string | undefined {
  try {
    const { kty, crv, n, e, x, y } = createPublicKey({
      key: Buffer.from(spki),
      format: 'der',
      type: 'spki',
    }).export({
      format: 'jwk',
    });
    return [kty, crv, n, e, x, y].join(' ');
  } catch {
    return undefined;
  }
}

const usageNames: Readonly<Record<string, string>> = {
  [Oid.clientAuth]: 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
};

function purposeFindings(leaf: Certificate): ServerCertificateFinding[] {
  const subject = nameText(leaf.subject);
  if (isAuthority(leaf)) return [report('IS_CA', { subject })];
  const purposes = readExtKeyUsage(leaf.extensions);
  if (purposes && !purposes.includes(Oid.serverAuth) && !purposes.includes(Oid.anyExtendedKeyUsage))
    return [
      report('NOT_FOR_SERVERS', {
        subject,
        usages: purposes.map((oid) => usageNames[oid] ?? oid).join(', '),
      }),
    ];
  const usages = readKeyUsage(leaf.extensions);
  const canEncipher = describePublicKey(leaf.spki).type === 'rsa' && usages?.includes('keyEncipherment');
  if (usages && !usages.includes('digitalSignature') && !canEncipher)
    return [report('NOT_FOR_SERVERS', { subject, usages: usages.join(', ') })];
  return [];
}

function nameFindings(leaf: Certificate, hosts: readonly string[]): ServerCertificateFinding[] {
  const names = hostsOf(leaf);
  if (names.length === 0) return [report('NO_SAN', { subject: nameText(leaf.subject) })];
  const uncovered = hosts.filter((host) => !names.some((name) => covers(name, parseHost(host))));
  return uncovered.map((host) =>
    report('NAME_NOT_COVERED', { host, names: some(names.map(({ value }) => value)) }),
  );
}

// ── the chain ──────────────────────────────────────────────────────────────────────────────────────

function memberFindings(
  member: Certificate,
  at: number,
  trust: ChainTrust,
  now: Date,
): ServerCertificateFinding[] {
  // Clients use their own copy of a public root, and no client looks at a root's signature.
  const isRoot = at > 0 && isSelfSigned(member);
  if (isRoot && trust === 'public') return [];
  const subject = nameText(member.subject);
  const { type, bits } = describePublicKey(member.spki);
  const findings = [...validityFindings(member, subject, now)];
  if (type === 'rsa' && bits < 2048) findings.push(report('RSA_TOO_SMALL', { subject, bits }));
  if (!isRoot && isBrokenSignature(member.signatureAlgorithm))
    findings.push(report('WEAK_SIGNATURE', { subject, algorithm: signatureName(member.signatureAlgorithm) }));
  return findings;
}

function validityFindings(
  { notBefore, notAfter }: Certificate,
  subject: string,
  now: Date,
): ServerCertificateFinding[] {
  if (notAfter <= now) return [report('EXPIRED', { subject, notAfter: notAfter.toISOString() })];
  if (notBefore > now) return [report('NOT_YET_VALID', { subject, notBefore: notBefore.toISOString() })];
  const left = notAfter.getTime() - now.getTime();
  // A month, or the last third of a short life: certificates of 47 or 6 days are renewed in that rhythm.
  const soon = Math.min(30 * dayMs, (notAfter.getTime() - notBefore.getTime()) / 3);
  return left < soon
    ? [report('EXPIRES_SOON', { subject, notAfter: notAfter.toISOString(), days: Math.floor(left / dayMs) })]
    : [];
}

function linkFindings(certificate: Certificate, issuer: Certificate): ServerCertificateFinding[] {
  const subject = nameText(certificate.subject);
  const findings: ServerCertificateFinding[] = [];
  // OpenSSL takes a v1 root, as the classic tutorial makes it, for a CA; a v3 one needs basicConstraints.
  const isAncientRoot = issuer.version === 1 && isSelfSigned(issuer);
  const usages = readKeyUsage(issuer.extensions);
  if ((!isAuthority(issuer) && !isAncientRoot) || (usages && !usages.includes('keyCertSign')))
    findings.push(report('ISSUER_NOT_CA', { subject, issuer: nameText(issuer.subject) }));
  if (namesMatch(certificate.subject, certificate.issuer))
    findings.push(report('SAME_NAME_AS_ISSUER', { subject }));
  return findings;
}

interface Anchor {
  readonly trust: ChainTrust;
  /** The root, where it is at hand. */
  readonly root: Certificate | undefined;
}

/** A chain is anchored when a root is in it, has signed its end, or is one of its CAs under another certificate. */
function findAnchor(
  chain: readonly Certificate[],
  unused: readonly Certificate[],
  { publicRoots: given, authorities = [] }: CheckInput,
): Anchor {
  const top = chain.at(-1)!;
  const anchors = (root: Certificate): boolean =>
    chain.some((member, at) => at > 0 && isSameAuthority(member, root)) ||
    (namesMatch(root.subject, top.issuer) && hasSigned(root, top));
  const trusted = (given ?? publicRoots()).find(anchors);
  if (trusted) return { trust: 'public', root: trusted };
  const own = [top, ...unused, ...authorities].find((root) => anchors(root) && isSelfSigned(root));
  return { trust: own ? 'private' : 'unknown', root: own };
}

function endFindings(
  chain: readonly Certificate[],
  unused: readonly Certificate[],
  { trust, root }: Anchor,
): ServerCertificateFinding[] {
  const top = chain.at(-1)!;
  const subject = nameText(top.subject);
  if (chain.length === 1 && isSelfSigned(top)) return [report('SELF_SIGNED', { subject })];
  if (trust === 'private' && root) return [report('PRIVATE_ROOT', { subject: nameText(root.subject) })];
  if (trust === 'public') return [];
  const issuer = nameText(top.issuer);
  const code = unused.some((candidate) => namesMatch(candidate.subject, top.issuer))
    ? 'CHAIN_BROKEN'
    : 'CHAIN_INCOMPLETE';
  return [report(code, { subject, issuer })];
}

function poolFindings(
  chain: readonly Certificate[],
  unused: readonly Certificate[],
  files: CheckInput['files'] & object,
): ServerCertificateFinding[] {
  const findings: ServerCertificateFinding[] = [];
  const isRootOfChain = (certificate: Certificate): boolean =>
    isSelfSigned(certificate) && chain.some((member, at) => at > 0 && isSameAuthority(member, certificate));
  const roots = [...chain.slice(1).filter(isSelfSigned), ...unused.filter(isRootOfChain)];
  for (const root of roots) findings.push(report('ROOT_INCLUDED', { subject: nameText(root.subject) }));
  const unrelated = unused
    .filter((certificate) => !isRootOfChain(certificate))
    .toSorted((a, b) => Buffer.compare(a.der, b.der));
  if (unrelated.length > 0)
    findings.push(
      report('CHAIN_UNRELATED', {
        count: unrelated.length,
        subjects: some(unrelated.map((certificate) => nameText(certificate.subject))),
      }),
    );
  if (files.some((file) => !isInOrder(file, chain))) findings.push(report('CHAIN_OUT_OF_ORDER', {}));
  return findings;
}

function isInOrder(file: readonly Certificate[], chain: readonly Certificate[]): boolean {
  const positions = file
    .map((certificate) => chain.findIndex((member) => isSame(member, certificate)))
    .filter((at) => at >= 0);
  return positions.every((at, i) => i === 0 || positions[i - 1]! <= at);
}

/** Enough of a list to recognise it by. */
function some(texts: readonly string[]): string {
  return texts.length > 5 ? `${texts.slice(0, 5).join('; ')}; …` : texts.join('; ');
}
