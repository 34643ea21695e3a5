/** The desired states of the cloud that stand on a CA: they go with it to the machine that will look after them. */
import { randomUUID } from 'node:crypto';
import { desiredRollout, rolloutResources } from '../../contract/rollout.ts';
import type { TransferredRolloutView } from '../../contract/transfer.ts';
import { audit, type CoreContext } from '../context.ts';
import type { AuthorityRecord, CloudAccountRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import { fingerprint256, readCertificates } from '../x509/certificate.ts';
import type { TransferEntry } from './file.ts';

export type TransferredRollout = Extract<TransferEntry, { rollout: unknown }>['rollout'];

/** Those of the real cloud, whose listener accepts this CA. They hold certificates and ids, and no key. */
export function* rolloutsOf(rows: Rows, authority: AuthorityRecord): Generator<TransferEntry> {
  for (const { name, accountId, desired, resources } of rows.rollouts.list()) {
    const account = rows.cloudAccounts.get(accountId)!;
    const state = desiredRollout.parse(JSON.parse(desired));
    const [ca] = readCertificates(Buffer.from(state.caCertificate.pem));
    if (account.practice || !ca || fingerprint256(ca.der) !== authority.certificateId) continue;
    yield {
      rollout: {
        name,
        account: account.name,
        desired: state,
        resources: rolloutResources.parse(JSON.parse(resources)),
      },
    };
  }
}

/** Whether it can be looked after here: it needs a cloud account to be that of. */
export function stateOf(rows: Rows, rollout: TransferredRollout): TransferredRolloutView['state'] {
  if (rows.rollouts.byName(rollout.name)) return 'known';
  return accountFor(rows, rollout) ? 'new' : 'account-missing';
}

/** Takes it over, unless one of its name is here already or no account fits yet. */
export function receiveRollout(context: CoreContext, rows: Rows, rollout: TransferredRollout): void {
  const account = accountFor(rows, rollout);
  if (!account || rows.rollouts.byName(rollout.name)) return;
  const at = context.clock().toISOString();
  rows.rollouts.insert({
    id: randomUUID(),
    name: rollout.name,
    accountId: account.id,
    desired: JSON.stringify(rollout.desired),
    resources: JSON.stringify(rollout.resources),
    createdAt: at,
    updatedAt: at,
  });
  audit(context, rows, 'rollout.received', { rollout: rollout.name, account: account.name });
}

/** The account of that name, else the only one of the same region. */
function accountFor(rows: Rows, { account, desired }: TransferredRollout): CloudAccountRecord | undefined {
  const fitting = rows.cloudAccounts
    .list()
    .filter(({ practice, regionId }) => !practice && regionId === desired.regionId);
  return fitting.find(({ name }) => name === account) ?? (fitting.length === 1 ? fitting[0] : undefined);
}
