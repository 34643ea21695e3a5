/** What a rollout has in the cloud, as it grows and shrinks. */
import type { OwnedCertificate, RolloutResources } from '../../contract/rollout.ts';
import { backendKey } from './plan-backends.ts';

export const noResources: RolloutResources = {
  loadBalancer: null,
  serverCertificates: [],
  caCertificates: [],
  listener: null,
  backends: [],
};

export type CertificateKind = 'serverCertificates' | 'caCertificates';

/** Adds a certificate, or says anew what is known of it; what was made stays made. */
export function withCertificate(
  resources: RolloutResources,
  kind: CertificateKind,
  certificate: OwnedCertificate,
): RolloutResources {
  const before = resources[kind].find(({ id }) => id === certificate.id);
  const others = resources[kind].filter(({ id }) => id !== certificate.id);
  return {
    ...resources,
    [kind]: [...others, { ...certificate, made: certificate.made || before?.made === true }],
  };
}

export function withoutCertificate(
  resources: RolloutResources,
  kind: CertificateKind,
  id: string,
): RolloutResources {
  return { ...resources, [kind]: resources[kind].filter((certificate) => certificate.id !== id) };
}

type Member = RolloutResources['backends'][number];

export function withBackends(resources: RolloutResources, added: readonly Member[]): RolloutResources {
  const keys = new Set(added.map(backendKey));
  return {
    ...resources,
    backends: [...resources.backends.filter((member) => !keys.has(backendKey(member))), ...added],
  };
}

export function withoutBackends(resources: RolloutResources, removed: readonly Member[]): RolloutResources {
  const keys = new Set(removed.map(backendKey));
  return { ...resources, backends: resources.backends.filter((member) => !keys.has(backendKey(member))) };
}
