/** Files in, report out: what `check` shows and what `import` decides on. Nothing is stored here. */

import { Problem } from '../../contract/problem.ts';
import type {
  CheckServerCertificateInput,
  ServerCertificateReport,
} from '../../contract/server-certificate.ts';
import type { CoreContext } from '../context.ts';
import { type Certificate, parseCertificate } from '../x509/certificate.ts';
import { nameText } from '../x509/name.ts';
import { checkServerCertificate, type ServerCertificateCheck } from './check.ts';
import { hostsOf } from './host.ts';
import { chooseKey, chooseLeaf, type Material, readMaterial, wipe } from './read.ts';
import { chainMember } from './views.ts';

/**
 * Says what is wrong with a server certificate and what is not; whatever the verdict, nothing is kept.
 * @throws Problem SERVER_CERTIFICATE_ABSENT, VALUE_INVALID for a host that is none; X509Error as `readMaterial`.
 */
export function inspectServerCertificate(
  context: CoreContext,
  input: CheckServerCertificateInput,
): ServerCertificateReport {
  const material = readInput(input);
  try {
    const leaf = requireLeaf(material, input);
    const key = chooseKey(leaf, material.keys);
    const check = checkMaterial(context, material, leaf, key?.publicKey, input.hosts);
    return {
      subject: nameText(leaf.subject),
      hosts: hostsOf(leaf).map(({ value }) => value),
      chain: check.chain.map(chainMember),
      trust: check.trust,
      findings: [...check.findings],
      clb: check.clb,
    };
  } finally {
    wipe(material);
  }
}

/** Decodes and reads the files of an input. The caller wipes what comes back. */
export function readInput({
  files,
  password,
}: Pick<CheckServerCertificateInput, 'files' | 'password'>): Material {
  const bytes = files.map((file) => Buffer.from(file, 'base64'));
  try {
    return readMaterial(bytes, password);
  } finally {
    for (const file of bytes) file.fill(0);
  }
}

/** @throws Problem SERVER_CERTIFICATE_ABSENT */
export function requireLeaf(
  { certificates, keys }: Material,
  { files }: Pick<CheckServerCertificateInput, 'files'>,
): Certificate {
  const leaf = chooseLeaf(
    certificates,
    keys.map(({ publicKey }) => publicKey),
  );
  if (!leaf) throw new Problem('SERVER_CERTIFICATE_ABSENT', { files: files.length });
  return leaf;
}

/** The check with what this registry knows: the time, and its own CAs. */
export function checkMaterial(
  context: CoreContext,
  { certificates, files }: Pick<Material, 'certificates' | 'files'>,
  leaf: Certificate,
  publicKey: Uint8Array | undefined,
  hosts: readonly string[],
): ServerCertificateCheck {
  return checkServerCertificate({
    leaf,
    pool: certificates,
    files,
    publicKey,
    hosts,
    authorities: ownAuthorities(context),
    now: context.clock(),
  });
}

function ownAuthorities({ registry }: CoreContext): readonly Certificate[] {
  return registry.read((rows) =>
    rows.authorities.list().flatMap(({ certificateId }) => {
      const row = rows.certificates.get(certificateId);
      return row ? [parseCertificate(row.der)] : [];
    }),
  );
}

/** @throws Problem SERVER_CERTIFICATE_REFUSED when a finding is an error. */
export function refuseErrors({ findings }: Pick<ServerCertificateCheck, 'findings'>): void {
  const codes = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  if (codes.length > 0)
    throw new Problem('SERVER_CERTIFICATE_REFUSED', {
      count: codes.length,
      codes: codes.join(', '),
      findings: [...findings],
    });
}
