/** What the seven steps are about: the account, the rollout and the certificates that a person most likely means. */
import type { AuthorityView } from '../../contract/authority.ts';
import type { CertificateView } from '../../contract/certificate.ts';
import type { RolloutAsked } from '../../contract/rollout.ts';
import type { ServerCertificateView } from '../../contract/server-certificate.ts';
import { authorityView, certificateView } from '../authority/views.ts';
import type { CoreContext } from '../context.ts';
import { type Practice, practiceAccount } from '../practice/practice.ts';
import type { CloudAccountRecord, RolloutRecord } from '../registry/records.ts';
import type { CertificatePage } from '../registry/tables/certificates.ts';
import { askedByName } from '../rollout/asked.ts';
import { listServerCertificates } from '../server-certificate/store.ts';

export interface GuideSubject {
  readonly account: CloudAccountRecord | undefined;
  readonly rollout: RolloutRecord | undefined;
  readonly asked: RolloutAsked | undefined;
  readonly serverCertificate: ServerCertificateView | undefined;
  readonly authority: AuthorityView | undefined;
  /** Valid client certificates of that authority. */
  readonly clients: number;
  /** The newest of them whose key is here. */
  readonly client: CertificateView | undefined;
}

export function guideSubject(context: CoreContext, practice: Practice): GuideSubject {
  const { accounts, rollouts } = context.registry.read((rows) => ({
    accounts: rows.cloudAccounts.list(),
    rollouts: rows.rollouts.list(),
  }));
  const running = practice.status().running;
  const account =
    accounts.find(({ name }) => running && name === practiceAccount) ??
    accounts.find(({ id }) => id === rollouts.at(-1)?.accountId) ??
    accounts.find((candidate) => !candidate.practice) ??
    accounts.at(-1);
  const rollout = rollouts.findLast(({ accountId }) => accountId === account?.id);
  const asked = rollout && askedByName(context, rollout.name);
  const authority = chooseAuthority(context, asked);
  return {
    account,
    rollout,
    asked,
    serverCertificate: chooseServerCertificate(context, asked),
    authority,
    ...chooseClient(context, authority),
  };
}

function chooseServerCertificate(context: CoreContext, asked: RolloutAsked | undefined) {
  const all = listServerCertificates(context);
  return (
    all.find(({ name }) => name === asked?.serverCertificate) ??
    all.findLast(({ state, clb }) => state === 'valid' && clb.accepted) ??
    all.at(-1)
  );
}

function chooseAuthority(context: CoreContext, asked: RolloutAsked | undefined) {
  const all = context.registry
    .read((rows) => rows.authorities.list())
    .map((record) => authorityView(context, record));
  return (
    all.find(({ name }) => name === asked?.authority) ??
    all.findLast(({ clbObstacle }) => clbObstacle === null) ??
    all.at(-1)
  );
}

/**
 * Mostly the newest; else among the newest hundred: whoever has more without a key here finds the one to test with by
 * name.
 */
function chooseClient(context: CoreContext, authority: AuthorityView | undefined) {
  if (!authority) return { clients: 0, client: undefined };
  const newest = (limit: number) =>
    context.registry.read((rows) =>
      rows.certificates.list({
        authorityId: authority.id,
        profile: 'client',
        state: 'valid',
        offset: 0,
        limit,
      }),
    );
  const withKey = ({ items }: CertificatePage) => items.find(({ secretId }) => secretId !== null);
  const first = newest(1);
  const own = withKey(first) ?? withKey(newest(100));
  return { clients: first.total, client: own && certificateView(context, own) };
}
