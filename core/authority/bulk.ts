/** Many certificates in one go. */
import { setImmediate as breath } from 'node:timers/promises';
import type { BulkInput, CertificateView } from '../../contract/certificate.ts';
import type { CoreContext } from '../context.ts';
import { parseNameText } from '../x509/name.ts';
import { findAuthority } from './find.ts';
import { requireIssuer } from './issue.ts';
import { issueWithNewKey } from './request.ts';
import { certificateView } from './views.ts';

/** Between two turns of others. */
const namesAtOnce = 20;

export interface BulkProgress {
  readonly done: number;
  readonly total: number;
  readonly subject: string;
}

/**
 * Every name is read before the first key is made. Stops between two certificates when `signal` aborts; each one that
 * was reported is issued and recorded.
 * @throws Problem as `issueWithNewKey`; the reason of `signal`
 */
export async function* issueBulk(
  context: CoreContext,
  { subjects, ...input }: BulkInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<BulkProgress, CertificateView[], void> {
  for (const [n, subject] of subjects.entries()) {
    if (n % namesAtOnce === 0) await breath();
    parseNameText(subject);
  }
  requireIssuer(context, findAuthority(context, input.authority), subjects.length);
  const issued: CertificateView[] = [];
  for (const subject of subjects) {
    signal?.throwIfAborted();
    const record = await issueWithNewKey(context, { ...input, subject, names: [] });
    // Others have their turn between what was recorded and what begins with the next.
    await breath();
    issued.push(certificateView(context, record));
    yield { done: issued.length, total: subjects.length, subject: record.subject };
  }
  return issued;
}
