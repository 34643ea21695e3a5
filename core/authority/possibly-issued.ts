/** Certificates that a crash may have made: their intent was written, and nothing after it. */
import { Problem } from '../../contract/problem.ts';
import { audit, type CoreContext, requireUnlocked } from '../context.ts';
import type { IntentRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import { revocationOf } from './revoke.ts';

/** Oldest first, without those that this process is at work on. */
export function openIntents({ issuing }: CoreContext, rows: Rows): IntentRecord[] {
  return rows.intents.open().filter(({ id }) => !issuing.has(id));
}

/**
 * Closes an intent that a crash left open: `revoke` puts its serial on the CRL, for a certificate that may exist
 * somewhere; `discard` says that none was ever made.
 * @throws Problem INTENT_NOT_FOUND
 */
export function settlePossiblyIssued(
  context: CoreContext,
  id: string,
  decision: 'revoke' | 'discard',
): IntentRecord['state'] {
  requireUnlocked(context);
  return context.registry.write((rows) => {
    const intent = rows.intents.get(id);
    if (intent?.state !== 'open' || context.issuing.has(id)) throw new Problem('INTENT_NOT_FOUND', { id });
    const state = decision === 'revoke' ? 'revoked' : 'discarded';
    if (decision === 'revoke')
      rows.revocations.insert(revocationOf(context, intent, { reason: 'unspecified' }));
    rows.intents.settle(id, state, null);
    audit(context, rows, `intent.${state}`, {
      authority: rows.authorities.get(intent.authorityId)?.name ?? intent.authorityId,
      serial: intent.serial,
      subject: intent.subject,
    });
    return state;
  });
}
