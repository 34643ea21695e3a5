/** What the last handshakes with a rollout's listener showed, kept so that it can be said when and by what it was proven. */
import { type HandshakeEvidence, handshakeEvidence } from '../../contract/home.ts';
import type { ProbeResult } from '../../contract/probe.ts';
import type { RolloutStatus } from '../../contract/rollout.ts';
import type { CoreContext } from '../context.ts';
import type { Rows } from '../registry/registry.ts';

const keyOf = (rolloutId: string): string => `handshakes:${rolloutId}`;

/** Replaces what was kept of this rollout. */
export function saveEvidence(
  context: CoreContext,
  rolloutId: string,
  { loadBalancer, listener }: RolloutStatus,
  { finishedAt, target, ok, cases, balance }: ProbeResult,
): void {
  const evidence: HandshakeEvidence = {
    at: finishedAt,
    host: target.host,
    ok,
    cases,
    balance,
    loadBalancerId: loadBalancer?.id ?? '',
    serverCertificateId: listener?.serverCertificateId ?? '',
    caCertificateId: listener?.caCertificateId ?? '',
  };
  context.registry.write((rows) => rows.settings.set(keyOf(rolloutId), JSON.stringify(evidence)));
}

/** Null when there was none, or when a later version cannot read it: it can be had again by one click. */
export function lastEvidence(rows: Rows, rolloutId: string): HandshakeEvidence | null {
  const stored = rows.settings.get(keyOf(rolloutId));
  if (stored === undefined) return null;
  const parsed = handshakeEvidence.safeParse(JSON.parse(stored));
  return parsed.success ? parsed.data : null;
}
