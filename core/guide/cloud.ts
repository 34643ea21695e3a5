/** The cloud's side of the steps, or why it could not be asked. */
import type { CloudCertificate } from '../../contract/cloud.ts';
import type { GuideStep } from '../../contract/guide.ts';
import { Problem } from '../../contract/problem.ts';
import type { RolloutStatus } from '../../contract/rollout.ts';
import { clientFor } from '../cloud/accounts.ts';
import type { CoreContext } from '../context.ts';
import type { Practice } from '../practice/practice.ts';
import { journalOf, parseDesired } from '../rollout/rollouts.ts';
import { observeRollout } from '../rollout/status.ts';
import { describeCaCertificates, describeServerCertificates } from '../slb/certificates.ts';
import type { GuideSubject } from './subject.ts';

export type CloudView =
  | { readonly problem: NonNullable<GuideStep['problem']> }
  | {
      readonly problem: null;
      readonly serverCertificates: readonly CloudCertificate[];
      readonly caCertificates: readonly CloudCertificate[];
      /** Null before there is a rollout. */
      readonly status: RolloutStatus | null;
    };

export async function lookAtCloud(
  context: CoreContext,
  practice: Practice,
  { account, rollout }: GuideSubject,
  signal?: AbortSignal,
): Promise<CloudView> {
  if (!account) return { problem: null, serverCertificates: [], caCertificates: [], status: null };
  if (practice.isAsleep(account)) return { problem: { code: 'PRACTICE_STOPPED', data: {} } };
  try {
    const client = clientFor(context, account, signal);
    const [serverCertificates, caCertificates, status] = await Promise.all([
      describeServerCertificates(client),
      describeCaCertificates(client),
      rollout
        ? observeRollout(
            client,
            parseDesired(rollout),
            journalOf(context, rollout).resources(),
            context.clock(),
          )
        : null,
    ]);
    return { problem: null, serverCertificates, caCertificates, status };
  } catch (error) {
    if (error instanceof Problem)
      return { problem: { code: error.code, data: error.data as Record<string, unknown> } };
    throw error;
  }
}
