/** A server certificate from an own CA: for Practice, and for clients that have that CA installed. */
import type { z } from 'zod';
import type {
  issueServerCertificateInput,
  StoredServerCertificate,
} from '../../contract/server-certificate.ts';
import { chainOf } from '../authority/export.ts';
import { findAuthority } from '../authority/find.ts';
import { issueLeaf, requireIssuer, validityFromNow } from '../authority/issue.ts';
import { generalName } from '../authority/profiles.ts';
import type { CoreContext } from '../context.ts';
import { sealPrivateKey } from '../private-key.ts';
import { generatePrivateKey, publicKeyOf } from '../x509/key.ts';
import { buildName } from '../x509/name.ts';
import { parseHost } from './host.ts';
import { refuseTakenName, storeIssued } from './store.ts';

/**
 * The first host is the common name when it fits into one (64 characters).
 * @throws Problem SERVER_CERTIFICATE_EXISTS, AUTHORITY_*, VAULT_LOCKED, OUTLIVES_AUTHORITY, LINT_REFUSED
 */
export async function issueServerCertificate(
  context: CoreContext,
  input: z.output<typeof issueServerCertificateInput>,
): Promise<StoredServerCertificate> {
  const authority = findAuthority(context, input.authority);
  context.registry.read((rows) => refuseTakenName(rows, input.name));
  requireIssuer(context, authority);
  const hosts = input.hosts.map((host) => parseHost(host).value);
  const commonName = hosts.find((host) => host.length <= 64) ?? input.name.slice(0, 64);
  const key = await generatePrivateKey(input.keyAlgorithm);
  try {
    const spki = publicKeyOf(key);
    const sealed = sealPrivateKey(context, key);
    let stored: StoredServerCertificate | undefined;
    await issueLeaf(context, {
      authority,
      profile: 'server',
      purpose: 'server',
      subject: buildName([[{ type: '2.5.4.3', value: commonName }]]),
      spki,
      names: hosts.map(generalName),
      validity: validityFromNow(context, input.days),
      alongside(rows, certificate) {
        const chain = chainOf(context, certificate);
        stored = storeIssued(context, rows, { name: input.name, chain, spki, key: sealed });
      },
    });
    return stored!;
  } finally {
    key.fill(0);
  }
}
