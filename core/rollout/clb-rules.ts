/** What CLB takes, checked before anything is sent: its own refusals come late and often do not say why. */
import { Problem } from '../../contract/problem.ts';
import type { DesiredRollout } from '../../contract/rollout.ts';
import {
  type Certificate,
  certificatePem,
  fingerprint1,
  fingerprint256,
  isSignedBy,
  readCertificates,
} from '../x509/certificate.ts';
import { isAuthority } from '../x509/chain.ts';
import { readKeyUsage } from '../x509/extensions.ts';
import {
  describePublicKey,
  importPrivateKey,
  isPrivateKeyBlock,
  publicKeyOf,
  traditionalKey,
} from '../x509/key.ts';
import { commonName, nameText, sameName } from '../x509/name.ts';
import { parsePem, toPem } from '../x509/pem.ts';

/** A certificate in the form that CLB stores, and what it is recognised by. */
export interface ClbCertificate {
  readonly name: string;
  readonly commonName: string;
  /** PEM, 64 columns, no blank line; for the server certificate the leaf first. */
  readonly pem: string;
  /** SHA-1 of the (leaf) certificate, hex pairs with colons: CLB's `Fingerprint`. */
  readonly sha1: string;
  /** SHA-256 of the (leaf) certificate, hex. */
  readonly sha256: string;
}

export interface ClbCertificates {
  readonly server: ClbCertificate;
  readonly ca: ClbCertificate;
}

/** @throws X509Error for text that is no PEM; Problem CLB_CHAIN_HOLDS_KEY */
export function clbCertificates(desired: DesiredRollout): ClbCertificates {
  return {
    server: clbCertificate(
      desired.serverCertificate.name,
      read(desired.serverCertificate.name, desired.serverCertificate.chainPem),
    ),
    ca: clbCertificate(
      desired.caCertificate.name,
      read(desired.caCertificate.name, desired.caCertificate.pem),
    ),
  };
}

function clbCertificate(name: string, chain: readonly Certificate[]): ClbCertificate {
  const leaf = chain[0]!;
  return {
    name,
    commonName: commonName(leaf.subject),
    pem: chain.map(({ der }) => certificatePem(der)).join(''),
    sha1: fingerprint1(leaf.der),
    sha256: fingerprint256(leaf.der),
  };
}

function read(name: string, pem: string): readonly Certificate[] {
  if (parsePem(pem, name).some(isPrivateKeyBlock)) throw new Problem('CLB_CHAIN_HOLDS_KEY', { name });
  return readCertificates(Buffer.from(pem), name);
}

/**
 * Everything about `desired` that CLB would refuse or that would not work there; empty when it fits.
 * Pure: asks nobody.
 */
export function checkAgainstClb(desired: DesiredRollout, now: Date): readonly Problem[] {
  const found: Problem[] = [
    ...checkNames(desired),
    ...checkHealthCheck(desired),
    ...checkLoadBalancer(desired),
  ];
  try {
    const chain = read(desired.serverCertificate.name, desired.serverCertificate.chainPem);
    const ca = read(desired.caCertificate.name, desired.caCertificate.pem);
    return [...found, ...checkChain(chain, now), ...checkCa(ca, chain[0]!, now)];
  } catch (error) {
    if (error instanceof Problem) return [...found, error];
    throw error;
  }
}

/** The rule of the API for names of load balancers and certificates. */
const namePattern = /^[A-Za-z][A-Za-z0-9._-]{0,79}$/;

function checkNames({ loadBalancer, serverCertificate, caCertificate }: DesiredRollout): readonly Problem[] {
  const names = [
    serverCertificate.name,
    caCertificate.name,
    ...('create' in loadBalancer ? [loadBalancer.create.name] : []),
  ];
  return names
    .filter((name) => !namePattern.test(name))
    .map((name) => new Problem('CLB_NAME_REFUSED', { name }));
}

function checkHealthCheck({ listener: { healthCheck } }: DesiredRollout): readonly Problem[] {
  if (!healthCheck.on || /^\/[A-Za-z0-9\-/.%?#&]{1,79}$/.test(healthCheck.uri)) return [];
  return [new Problem('HEALTH_CHECK_URI_REFUSED', { uri: healthCheck.uri })];
}

function checkLoadBalancer({ loadBalancer }: DesiredRollout): readonly Problem[] {
  if (!('create' in loadBalancer)) return [];
  const { name, addressType, vSwitchId } = loadBalancer.create;
  return addressType === 'intranet' && vSwitchId === undefined
    ? [new Problem('VSWITCH_REQUIRED', { name })]
    : [];
}

function checkChain(chain: readonly Certificate[], now: Date): readonly Problem[] {
  const leaf = chain[0]!;
  const broken = chain
    .slice(0, -1)
    .findIndex((certificate, index) => !follows(chain[index + 1]!, certificate));
  return [
    ...checkKey(leaf),
    ...checkDates(leaf, now),
    ...(broken < 0
      ? []
      : [new Problem('CLB_CHAIN_BROKEN', { certificate: title(chain[broken]!), position: broken + 1 })]),
  ];
}

function checkCa(certificates: readonly Certificate[], leaf: Certificate, now: Date): readonly Problem[] {
  const [ca] = certificates;
  if (!ca || certificates.length !== 1)
    return [new Problem('CLB_CA_NOT_ONE', { count: certificates.length })];
  const mayCertify = readKeyUsage(ca.extensions)?.includes('keyCertSign') ?? true;
  const clash = commonName(ca.subject) !== '' && commonName(ca.subject) === commonName(leaf.subject);
  return [
    ...checkKey(ca),
    ...checkDates(ca, now),
    ...(ca.version === 3 && isAuthority(ca) && mayCertify
      ? []
      : [new Problem('CLB_CA_NOT_A_CA', { certificate: title(ca) })]),
    ...(clash ? [new Problem('CLB_CA_NAME_CLASH', { commonName: commonName(ca.subject) })] : []),
  ];
}

/** RSA 1024 is accepted by CLB too, but by no client of today. */
function checkKey(certificate: Certificate): readonly Problem[] {
  const { type, bits, text } = describePublicKey(certificate.spki);
  if (type === 'rsa' && (bits === 2048 || bits === 4096)) return [];
  return [new Problem('CLB_KEY_REFUSED', { certificate: title(certificate), algorithm: text })];
}

function checkDates(certificate: Certificate, now: Date): readonly Problem[] {
  const { notBefore, notAfter } = certificate;
  if (notBefore <= now && now <= notAfter) return [];
  const dates = { notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() };
  return [new Problem('CLB_CERTIFICATE_DATES', { certificate: title(certificate), ...dates })];
}

/** Signed by `issuer`; where the signature is of a kind that is no longer checked, the names decide. */
function follows(issuer: Certificate, certificate: Certificate): boolean {
  if (!sameName(issuer.subject, certificate.issuer)) return false;
  try {
    return isSignedBy(certificate, issuer);
  } catch {
    return true;
  }
}

function title(certificate: Certificate): string {
  return commonName(certificate.subject) || nameText(certificate.subject);
}

/**
 * The server's private key as CLB takes it: PKCS#1 in PEM, unencrypted.
 * @param key PEM or DER of any unencrypted kind.
 * @throws Problem KEY_MISMATCH when it is not the key of the certificate; X509Error
 */
export function clbPrivateKey(desired: DesiredRollout, key: Uint8Array): string {
  const pkcs8 = importPrivateKey(key);
  try {
    const [leaf] = read(desired.serverCertificate.name, desired.serverCertificate.chainPem);
    if (!Buffer.from(publicKeyOf(pkcs8)).equals(leaf!.spki))
      throw new Problem('KEY_MISMATCH', { what: desired.serverCertificate.name });
    const { label, der } = traditionalKey(pkcs8);
    return toPem(label, der);
  } finally {
    pkcs8.fill(0);
  }
}
