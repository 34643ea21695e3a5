/** What to do about the two certificates: recognised by fingerprint, since CLB never gives the PEM back. */
import type { CloudCertificate } from '../../contract/cloud.ts';
import type { OwnedCertificate, PlanItem, RolloutResources } from '../../contract/rollout.ts';
import type { ClbCertificate, ClbCertificates } from './clb-rules.ts';
import type { CloudState } from './cloud-state.ts';
import { call } from './plan-call.ts';

export function planServerCertificate(
  { server }: ClbCertificates,
  cloud: CloudState,
  resources: RolloutResources,
): PlanItem {
  const inUse = cloud.listener?.serverCertificateId;
  return planCertificate(
    'server-certificate',
    server,
    cloud.serverCertificates,
    resources.serverCertificates,
    inUse,
  );
}

export function planCaCertificate(
  { ca }: ClbCertificates,
  cloud: CloudState,
  resources: RolloutResources,
): PlanItem {
  const inUse = cloud.listener?.caCertificateId;
  return planCertificate('ca-certificate', ca, cloud.caCertificates, resources.caCertificates, inUse);
}

const certificateCalls = {
  'server-certificate': {
    upload: 'UploadServerCertificate',
    rename: 'SetServerCertificateName',
    remove: 'DeleteServerCertificate',
    idName: 'ServerCertificateId',
    name: 'ServerCertificateName',
  },
  'ca-certificate': {
    upload: 'UploadCACertificate',
    rename: 'SetCACertificateName',
    remove: 'DeleteCACertificate',
    idName: 'CACertificateId',
    name: 'CACertificateName',
  },
} as const;

function planCertificate(
  resource: keyof typeof certificateCalls,
  wanted: ClbCertificate,
  inCloud: readonly CloudCertificate[],
  owned: readonly OwnedCertificate[],
  inUse: string | undefined,
): PlanItem {
  const calls = certificateCalls[resource];
  const recorded = owned.find(
    ({ id, sha256 }) => sha256 === wanted.sha256 && inCloud.some((certificate) => certificate.id === id),
  );
  const found = inCloud.find(({ id }) => id === recorded?.id) ?? findByFingerprint(inCloud, wanted, inUse);
  const willBe = { Fingerprint: wanted.sha1, CommonName: wanted.commonName, [calls.name]: wanted.name };
  if (!found) {
    const before = inCloud.find(({ id }) => owned.some((mine) => mine.id === id) && id === inUse);
    const now = before
      ? { Fingerprint: before.fingerprint, CommonName: before.commonName, [calls.name]: before.name }
      : null;
    const apiCalls = [call(calls.upload, { [calls.name]: wanted.name })];
    return {
      resource,
      action: 'create',
      name: wanted.name,
      id: null,
      now,
      willBe,
      reason: before ? 'differs' : 'absent',
      apiCalls,
    };
  }
  const now = { Fingerprint: found.fingerprint, CommonName: found.commonName, [calls.name]: found.name };
  const item = { resource, name: found.name, id: found.id, now } as const;
  if (recorded?.made && found.name !== wanted.name) {
    const apiCalls = [call(calls.rename, { [calls.idName]: found.id, [calls.name]: wanted.name })];
    return { ...item, action: 'change', willBe, reason: 'differs', apiCalls };
  }
  if (!recorded) return { ...item, action: 'adopt', willBe: now, reason: 'same-certificate', apiCalls: [] };
  return { ...item, action: 'nothing', willBe: now, reason: 'as-desired', apiCalls: [] };
}

/** Among several uploads of one certificate: the one the listener has, then the one of that name, then any. */
function findByFingerprint(
  inCloud: readonly CloudCertificate[],
  wanted: ClbCertificate,
  inUse: string | undefined,
): CloudCertificate | undefined {
  const same = inCloud.filter(({ fingerprint }) => isFingerprintOf(fingerprint, wanted));
  return same.find(({ id }) => id === inUse) ?? same.find(({ name }) => name === wanted.name) ?? same[0];
}

/** The API does not say which hash it shows; its samples are as long as SHA-1. */
export function isFingerprintOf(
  fingerprint: string,
  certificate: Pick<ClbCertificate, 'sha1' | 'sha256'>,
): boolean {
  const hex = fingerprint.replaceAll(':', '').toLowerCase();
  return hex === certificate.sha1.replaceAll(':', '').toLowerCase() || hex === certificate.sha256;
}

/** Certificates that an earlier run uploaded and that the listener no longer has. */
export function planSuperseded(
  cloud: CloudState,
  resources: RolloutResources,
  { server, ca }: ClbCertificates,
): readonly PlanItem[] {
  const old = (
    resource: keyof typeof certificateCalls,
    inCloud: readonly CloudCertificate[],
    owned: readonly OwnedCertificate[],
    wanted: ClbCertificate,
    inUse: string | undefined,
  ): readonly PlanItem[] => {
    const current = owned.find(({ sha256 }) => sha256 === wanted.sha256)?.id;
    // As long as the listener has not been moved to the new one, the old one is needed.
    if (current === undefined || current !== inUse) return [];
    return owned
      .filter(
        ({ id, made, sha256 }) =>
          made && sha256 !== wanted.sha256 && inCloud.some((certificate) => certificate.id === id),
      )
      .map(({ id, name }) => ({
        resource: resource === 'server-certificate' ? 'old-server-certificate' : 'old-ca-certificate',
        action: 'delete',
        name,
        id,
        now: { [certificateCalls[resource].idName]: id },
        willBe: null,
        reason: 'superseded',
        apiCalls: [call(certificateCalls[resource].remove, { [certificateCalls[resource].idName]: id })],
      }));
  };
  return [
    ...old(
      'server-certificate',
      cloud.serverCertificates,
      resources.serverCertificates,
      server,
      cloud.listener?.serverCertificateId,
    ),
    ...old(
      'ca-certificate',
      cloud.caCertificates,
      resources.caCertificates,
      ca,
      cloud.listener?.caCertificateId,
    ),
  ];
}
