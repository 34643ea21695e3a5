/** Step 7 against one listener: the probe, with the certificates that it needs made or fetched. */
import type { ProbeProgress, ProbeResult, ProbeTarget } from '../../contract/probe.ts';
import { chainOf, unsealKey } from '../authority/export.ts';
import { mintRightIdentity, mintWrongIdentities } from '../authority/probe-identities.ts';
import type { CoreContext } from '../context.ts';
import { progressOf } from '../progress.ts';
import type { AuthorityRecord, CertificateRecord } from '../registry/records.ts';
import { type IdentityCase, type ProbeIdentity, probe } from './probe.ts';

export interface ListenerProbe {
  readonly target: ProbeTarget;
  /** The CA the listener trusts; with its key here, wrong certificates are made and tried. */
  readonly authority?: AuthorityRecord;
  /** Who must be let in; made on the spot when absent and `authority` can sign. */
  readonly client?: ProbeIdentity;
  /** PEM. */
  readonly roots?: readonly string[];
  readonly requests: number;
  readonly signal?: AbortSignal;
}

/** @throws Problem PROBE_UNREACHABLE, PROBE_NOT_TLS, VAULT_LOCKED, AUTHORITY_* */
export function probeListener(
  context: CoreContext,
  { authority, client, ...options }: ListenerProbe,
): AsyncGenerator<ProbeProgress, ProbeResult, void> {
  return progressOf(async (tell) => {
    const identities: Partial<Record<IdentityCase, ProbeIdentity>> = authority
      ? await mintWrongIdentities(context, authority)
      : {};
    const right = client ?? (authority && (await mintRightIdentity(context, authority)));
    if (right) identities['right-certificate'] = right;
    return probe({
      ...options,
      identities,
      clock: context.clock,
      onProgress: tell,
      ...(authority ? { caCertificate: certificateOf(context, authority) } : {}),
    });
  });
}

function certificateOf({ registry }: CoreContext, { certificateId }: AuthorityRecord): Uint8Array {
  return registry.read((rows) => rows.certificates.get(certificateId)!).der;
}

/** A certificate of ours with its key. @throws Problem KEY_NOT_KEPT, VAULT_LOCKED */
export function identityOfCertificate(context: CoreContext, record: CertificateRecord): ProbeIdentity {
  return { key: unsealKey(context, record), certificates: chainOf(context, record) };
}
