/** Leaves for people and servers: from a fresh key that Warifu keeps, or from a request whose key stays where it is. */
import type { z } from 'zod';
import type { issueInput, signInput } from '../../contract/certificate.ts';
import { Problem } from '../../contract/problem.ts';
import type { CoreContext } from '../context.ts';
import type { CertificateRecord } from '../registry/records.ts';
import { readSubjectAltName } from '../x509/extensions.ts';
import { publicKeyOf } from '../x509/key.ts';
import { lintRequest } from '../x509/lint.ts';
import { parseNameText } from '../x509/name.ts';
import { readRequest } from '../x509/request.ts';
import { findAuthority } from './find.ts';
import { issueLeaf, type LeafRequest, requireIssuer, validityFromNow } from './issue.ts';
import { generalName } from './profiles.ts';

/** @throws Problem AUTHORITY_*, VAULT_LOCKED, NAME_INVALID, VALUE_INVALID, OUTLIVES_AUTHORITY, COMMON_NAME_OF_AUTHORITY, LINT_REFUSED */
export async function issueWithNewKey(
  context: CoreContext,
  input: z.infer<typeof issueInput>,
): Promise<CertificateRecord> {
  const authority = findAuthority(context, input.authority);
  const subject = parseNameText(input.subject);
  // Before a key is made.
  requireIssuer(context, authority);
  const privateKey = await context.keyMaker.make(input.keyAlgorithm);
  try {
    return await issueLeaf(context, {
      authority,
      profile: input.profile,
      purpose: input.profile,
      subject,
      spki: publicKeyOf(privateKey),
      names: input.names.map(generalName),
      validity: validityFromNow(context, input.days),
      privateKey,
    });
  } finally {
    privateKey.fill(0);
  }
}

/**
 * Signs a PKCS#10 request. Subject and names are taken from it (names can be replaced); every other extension
 * comes from the profile, whatever the request asks for.
 * @throws Problem as {@link issueWithNewKey}, and LINT_REFUSED for the request, SIGNATURE_INVALID, DER_MALFORMED, UNSUPPORTED_ALGORITHM
 */
export async function issueFromRequest(
  context: CoreContext,
  input: z.infer<typeof signInput>,
  alongside?: LeafRequest['alongside'],
): Promise<CertificateRecord> {
  const authority = findAuthority(context, input.authority);
  const bytes = Buffer.from(input.request, 'base64');
  const request = readRequest(bytes);
  const refused = lintRequest(bytes).find(({ severity }) => severity === 'error');
  if (refused) throw new Problem('LINT_REFUSED', { rule: refused.id, message: refused.message });
  const requested = (readSubjectAltName(request.requestedExtensions) ?? []).filter(
    ({ type }) => type !== 'other',
  );
  return issueLeaf(context, {
    authority,
    profile: input.profile,
    purpose: input.profile,
    subject: request.subject,
    spki: request.spki,
    names: input.names?.map(generalName) ?? requested,
    validity: validityFromNow(context, input.days),
    ...(alongside ? { alongside } : {}),
  });
}
