/** Step 7 against one listener: the probe, with the certificates that it needs made or fetched. */
import type { ProbeProgress, ProbeResult, ProbeTarget } from '../../contract/probe.ts';
import { chainOf, unsealKey } from '../authority/export.ts';
import { requireIssuer } from '../authority/issue.ts';
import {
  mintIdentityElsewhere,
  mintRightIdentity,
  mintWrongIdentities,
} from '../authority/probe-identities.ts';
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

/** @throws Problem PROBE_UNREACHABLE, PROBE_NOT_TLS, VAULT_LOCKED, AUTHORITY_*, SIGNATURE_NOT_APPROVED */
export function probeListener(
  context: CoreContext,
  { authority, client, ...options }: ListenerProbe,
): AsyncGenerator<ProbeProgress, ProbeResult, void> {
  return progressOf(async (tell) => {
    const { absent, ...identities } = authority ? await identitiesFor(context, authority, client) : {};
    if (client) identities['right-certificate'] = client;
    return probe({
      ...options,
      identities,
      ...(absent ? { absent } : {}),
      clock: context.clock,
      onProgress: tell,
      ...(authority ? { caCertificate: certificateOf(context, authority) } : {}),
    });
  });
}

type Identities = Partial<Record<IdentityCase, ProbeIdentity>>;
type Absent = { absent?: Partial<Record<IdentityCase, string>> };

/** With the CA's key here, certificates for every case; without, what does not need it, and why the others lack. */
async function identitiesFor(
  context: CoreContext,
  authority: AuthorityRecord,
  client: ProbeIdentity | undefined,
): Promise<Identities & Absent> {
  if (authority.secretId === null) {
    const reason = "the CA's key is on another machine";
    const right = newestClientOf(context, authority);
    return {
      'wrong-ca': await mintIdentityElsewhere(context),
      ...(right ? { 'right-certificate': identityOfCertificate(context, right) } : {}),
      absent: { expired: reason, 'not-yet-valid': reason, 'server-auth-only': reason },
    };
  }
  requireIssuer(context, authority, client ? 3 : 4);
  const wrong = await mintWrongIdentities(context, authority);
  return client ? wrong : { ...wrong, 'right-certificate': await mintRightIdentity(context, authority) };
}

/** A client certificate of this CA whose key is here and that should be let in now. */
function newestClientOf({ registry }: CoreContext, { id }: AuthorityRecord): CertificateRecord | undefined {
  const query = { authorityId: id, profile: 'client', state: 'valid', offset: 0, limit: 1000 } as const;
  return registry
    .read((rows) => rows.certificates.list(query))
    .items.find(({ secretId }) => secretId !== null);
}

function certificateOf({ registry }: CoreContext, { certificateId }: AuthorityRecord): Uint8Array {
  return registry.read((rows) => rows.certificates.get(certificateId)!).der;
}

/** A certificate of ours with its key. @throws Problem KEY_NOT_KEPT, VAULT_LOCKED */
export function identityOfCertificate(context: CoreContext, record: CertificateRecord): ProbeIdentity {
  return { key: unsealKey(context, record), certificates: chainOf(context, record) };
}
