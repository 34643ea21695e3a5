/** One page of the certificates, as people ask for it. */
import { type CoreContext, now } from '../context.ts';
import type { CertificateQuery } from '../registry/tables/certificate-list.ts';
import { findAuthority } from './find.ts';
import type { CertificateViews } from './reader-thread.ts';

/** @throws Problem AUTHORITY_NOT_FOUND, REGISTRY_*; the reason of `signal` */
export async function listCertificates(
  context: CoreContext,
  {
    authority,
    ...query
  }: Omit<CertificateQuery, 'authorityId'> & { readonly authority?: string | undefined },
  signal: AbortSignal | undefined,
): Promise<CertificateViews> {
  const authorityId = authority === undefined ? undefined : findAuthority(context, authority).id;
  return context.reader.page({ ...query, authorityId }, now(context), signal);
}
