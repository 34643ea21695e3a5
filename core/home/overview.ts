/** Home: derived from the registry at every look, nothing of it is remembered apart from the handshakes themselves. */
import type { HandshakeEvidence, HomeNeed, HomeOverview } from '../../contract/home.ts';
import { openIntents } from '../authority/possibly-issued.ts';
import { backupStatus } from '../backup/reminder.ts';
import type { CoreContext } from '../context.ts';
import type { Practice } from '../practice/practice.ts';
import type { RolloutRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import { lastEvidence } from '../rollout/evidence.ts';
import { accountById, authorityOfCa, journalOf, parseDesired } from '../rollout/rollouts.ts';

const day = 24 * 60 * 60 * 1000;
/** How long before their end things are brought up, in days: CRLs are short-lived, authorities take long to replace. */
const notice = { crl: 7, client: 30, server: 30, authority: 365 } as const;
/** Handshakes older than this prove what was, not what is. */
const evidenceDays = 7;

export function homeOverview(context: CoreContext, practice: Practice): HomeOverview {
  const rollout = context.registry.read((rows) => rows.rollouts.list().at(-1));
  const evidence = rollout ? context.registry.read((rows) => lastEvidence(rows, rollout.id)) : null;
  const account = rollout && accountById(context, rollout);
  const resources = rollout && journalOf(context, rollout).resources();
  const asleep = account?.practice === true && !practice.status().running;
  const backup = backupStatus(context);
  const verdict = verdictOf(context, rollout, evidence, resources?.loadBalancer?.id, asleep);
  return context.registry.read((rows) => ({
    verdict,
    rollout:
      rollout && account
        ? {
            name: rollout.name,
            practice: account.practice,
            regionId: account.regionId,
            loadBalancerId: resources?.loadBalancer?.id ?? null,
          }
        : null,
    evidence,
    needs: [
      ...(asleep ? [{ kind: 'practice-stopped' } as const] : []),
      ...(rollout && !asleep && verdict === 'unproven' && resources?.listener
        ? [{ kind: 'prove', rollout: rollout.name } as const]
        : []),
      ...whatEnds(context, rows),
      ...stillLetIn(context, rows, rollout),
      ...doubts(context, rows),
      ...(backup.due ? [{ kind: 'backup-due', changes: backup.changes } as const] : []),
    ],
    counts: {
      authorities: rows.authorities.list().length,
      rollouts: rows.rollouts.list().length,
    },
    expiry: rows.certificateList.endsByMonth(),
    milestones: [
      ...rows.serverCertificates
        .list()
        .flatMap(({ name, notAfter }) =>
          notAfter === null ? [] : [{ kind: 'server-certificate' as const, name, at: notAfter }],
        ),
      ...rows.authorities.list().map(({ name, certificateId }) => ({
        kind: 'authority' as const,
        name,
        at: rows.certificates.get(certificateId)!.notAfter,
      })),
    ],
  }));
}

function verdictOf(
  { clock }: CoreContext,
  rollout: RolloutRecord | undefined,
  evidence: HandshakeEvidence | null,
  loadBalancerId: string | undefined,
  asleep: boolean,
): HomeOverview['verdict'] {
  if (!rollout) return 'unmade';
  if (asleep || !evidence || evidence.loadBalancerId !== loadBalancerId) return 'unproven';
  if (clock().getTime() - Date.parse(evidence.at) > evidenceDays * day) return 'unproven';
  return evidence.ok ? 'holds' : 'broken';
}

/** The most urgent first. */
function whatEnds({ clock }: CoreContext, rows: Rows): HomeNeed[] {
  const now = clock();
  const within = (days: number): string => new Date(now.getTime() + days * day).toISOString();
  const at = now.toISOString();
  const needs: (HomeNeed & { readonly at: string })[] = [];
  for (const { id, name, certificateId } of rows.authorities.list()) {
    const { notAfter } = rows.certificates.get(certificateId)!;
    if (notAfter < within(notice.authority))
      needs.push({ kind: 'authority-ends', authority: name, at: notAfter, over: notAfter <= at });
    const crl = rows.crls.latest(id);
    if (crl && crl.nextUpdate < within(notice.crl))
      needs.push({ kind: 'crl-ends', authority: name, at: crl.nextUpdate, over: crl.nextUpdate <= at });
  }
  for (const { name, notAfter } of rows.serverCertificates.list())
    if (notAfter !== null && notAfter < within(notice.server))
      needs.push({ kind: 'server-certificate-ends', name, at: notAfter, over: notAfter <= at });
  const { items, total: count } = rows.certificates.list({
    profile: 'client',
    state: 'valid',
    endsBefore: within(notice.client),
    sort: { by: 'notAfter' },
    offset: 0,
    limit: 1,
  });
  const [first] = items;
  if (first) needs.push({ kind: 'clients-end', count, first: first.commonName, at: first.notAfter });
  return needs.toSorted((a, b) => a.at.localeCompare(b.at));
}

function stillLetIn(context: CoreContext, rows: Rows, rollout: RolloutRecord | undefined): HomeNeed[] {
  const authority = rollout && authorityOfCa(context, parseDesired(rollout));
  if (!authority) return [];
  const count = rows.certificateList.countRevokedInForce(authority.id);
  return count === 0 ? [] : [{ kind: 'revoked-still-let-in', count, authority: authority.name }];
}

function doubts(context: CoreContext, rows: Rows): HomeNeed[] {
  const count = openIntents(context, rows).length;
  return count === 0 ? [] : [{ kind: 'possibly-issued', count }];
}
