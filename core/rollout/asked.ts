/** A rollout's desired state as the request that leads to it, so that a form can show it and ask for it again. */
import type { RolloutAsked } from '../../contract/rollout.ts';
import type { CoreContext } from '../context.ts';
import { fingerprint256, readCertificates } from '../x509/certificate.ts';
import { accountById, authorityOfCa, findRollout, parseDesired } from './rollouts.ts';

/** @throws Problem ROLLOUT_NOT_FOUND */
export function askedByName(context: CoreContext, name: string): RolloutAsked {
  const row = findRollout(context, name);
  const desired = parseDesired(row);
  const leaf = fingerprint256(readCertificates(Buffer.from(desired.serverCertificate.chainPem))[0]!.der);
  const serverCertificate = context.registry.read((rows) =>
    rows.serverCertificates.list().findLast(({ fingerprint }) => fingerprint === leaf),
  );
  return {
    name,
    account: accountById(context, row).name,
    serverCertificate: serverCertificate?.name ?? null,
    authority: authorityOfCa(context, desired)?.name ?? null,
    loadBalancer: desired.loadBalancer,
    listener: desired.listener,
    backends: desired.backends,
  };
}
