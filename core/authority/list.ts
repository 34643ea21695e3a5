/** One page of the certificates, as people ask for it. */
import type { CoreContext } from '../context.ts';
import type { CertificateQuery } from '../registry/tables/certificate-list.ts';
import type { CertificatePage } from '../registry/tables/certificates.ts';
import { findAuthority } from './find.ts';

/** @throws Problem AUTHORITY_NOT_FOUND, REGISTRY_*; the reason of `signal` */
export async function listCertificates(
  context: CoreContext,
  {
    authority,
    ...query
  }: Omit<CertificateQuery, 'authorityId'> & { readonly authority?: string | undefined },
  signal: AbortSignal | undefined,
): Promise<CertificatePage> {
  const authorityId = authority === undefined ? undefined : findAuthority(context, authority).id;
  return context.registry.listing.page({ ...query, authorityId }, signal);
}
