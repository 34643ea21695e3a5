/** One page of the certificates, between everything else that this process has to do. */
import { setImmediate as breath } from 'node:timers/promises';
import type { CoreContext } from '../context.ts';
import type { CertificateQuery } from '../registry/tables/certificate-list.ts';
import type { CertificatePage } from '../registry/tables/certificates.ts';
import { findAuthority } from './find.ts';

/**
 * Gives way to others between slices of the work, each on a snapshot of its own, and stops there when `signal` aborts.
 * @throws Problem AUTHORITY_NOT_FOUND; the reason of `signal`
 */
export async function listCertificates(
  context: CoreContext,
  {
    authority,
    ...query
  }: Omit<CertificateQuery, 'authorityId'> & { readonly authority?: string | undefined },
  signal: AbortSignal | undefined,
): Promise<CertificatePage> {
  const authorityId = authority === undefined ? undefined : findAuthority(context, authority).id;
  const { registry } = context;
  const work = registry.read((rows) => rows.certificates.listInSlices({ ...query, authorityId }));
  for (;;) {
    const { done, value } = registry.read(() => work.next());
    if (done) return value;
    await breath();
    signal?.throwIfAborted();
  }
}
