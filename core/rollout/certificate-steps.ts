/** The steps of a rollout that concern its certificates: uploaded once, adopted, and the old ones deleted. */
import { Problem } from '../../contract/problem.ts';
import type { PlanItem } from '../../contract/rollout.ts';
import {
  deleteCaCertificate,
  deleteServerCertificate,
  describeCaCertificates,
  describeServerCertificates,
  setCaCertificateName,
  setServerCertificateName,
  uploadCaCertificate,
  uploadServerCertificate,
} from '../slb/certificates.ts';
import { type ClbCertificates, clbPrivateKey } from './clb-rules.ts';
import { readCloudState } from './cloud-state.ts';
import type { CallDetail } from './journal.ts';
import { isFingerprintOf, planCaCertificate, planServerCertificate } from './plan-certificates.ts';
import { type CertificateKind, withCertificate, withoutCertificate } from './resources.ts';
import { type Progress, perform, type Run, record } from './run.ts';

export async function* bringServerCertificate(
  run: Run,
  certificates: ClbCertificates,
  serverKey: () => Uint8Array | Promise<Uint8Array>,
): Progress<string> {
  const { client, desired, journal } = run;
  const { server } = certificates;
  const cloud = await readCloudState(client, desired, journal.resources());
  const item = planServerCertificate(certificates, cloud, journal.resources());
  return yield* bringCertificate(run, item, {
    step: 'server-certificate',
    kind: 'serverCertificates',
    detail: {
      action: 'UploadServerCertificate',
      name: server.name,
      sha1: server.sha1,
      sha256: server.sha256,
    },
    upload: async () => {
      const key = await serverKey();
      try {
        return await uploadServerCertificate(client, {
          name: server.name,
          chainPem: server.pem,
          privateKeyPem: clbPrivateKey(desired, key),
        });
      } finally {
        key.fill(0);
      }
    },
    look: async () =>
      (await describeServerCertificates(client)).find(({ fingerprint }) =>
        isFingerprintOf(fingerprint, server),
      ),
    rename: (id) => setServerCertificateName(client, id, server.name),
  });
}

export async function* bringCaCertificate(run: Run, certificates: ClbCertificates): Progress<string> {
  const { client, desired, journal } = run;
  const { ca } = certificates;
  const cloud = await readCloudState(client, desired, journal.resources());
  const item = planCaCertificate(certificates, cloud, journal.resources());
  return yield* bringCertificate(run, item, {
    step: 'ca-certificate',
    kind: 'caCertificates',
    detail: { action: 'UploadCACertificate', name: ca.name, sha1: ca.sha1, sha256: ca.sha256 },
    upload: () => uploadCaCertificate(client, { name: ca.name, pem: ca.pem }),
    look: async () =>
      (await describeCaCertificates(client)).find(({ fingerprint }) => isFingerprintOf(fingerprint, ca)),
    rename: (id) => setCaCertificateName(client, id, ca.name),
  });
}

interface CertificateWork {
  readonly step: 'server-certificate' | 'ca-certificate';
  readonly kind: CertificateKind;
  readonly detail: CallDetail & { readonly name: string; readonly sha256: string };
  upload(): Promise<{ readonly id: string; readonly requestId: string }>;
  look(): Promise<{ readonly id: string } | undefined>;
  rename(id: string): Promise<{ readonly requestId: string }>;
}

async function* bringCertificate(run: Run, item: PlanItem, work: CertificateWork): Progress<string> {
  const { step, kind, detail } = work;
  const { name, sha256 } = detail;
  yield { type: 'step', step, state: item.action === 'nothing' ? 'skipped' : 'started', name, id: item.id };
  if (item.action === 'nothing') return item.id!;
  const id = item.id ?? (yield* upload());
  if (item.action === 'adopt')
    record(
      run,
      step,
      'done',
      { ...detail, action: 'adopt', id },
      withCertificate(run.journal.resources(), kind, { id, name: item.name, sha256, made: false }),
    );
  if (item.action === 'change') yield* rename(id);
  yield { type: 'step', step, state: 'done', name, id };
  return id;

  async function* upload(): Progress<string> {
    const uploaded = yield* perform(run, {
      step,
      detail,
      send: work.upload,
      look: work.look,
      settle: (result, resources) =>
        withCertificate(resources, kind, { id: result.id, name, sha256, made: true }),
    });
    return uploaded.id;
  }

  async function* rename(renamed: string): Progress<void> {
    yield* perform<object>(run, {
      step,
      detail: {
        action: step === 'server-certificate' ? 'SetServerCertificateName' : 'SetCACertificateName',
        id: renamed,
        name,
      },
      send: () => work.rename(renamed),
      look: async () => undefined,
      settle: (_, resources) => withCertificate(resources, kind, { id: renamed, name, sha256, made: true }),
    });
  }
}

export async function* deleteSuperseded(run: Run, { resource, id, name }: PlanItem): Progress<void> {
  if (id === null) return;
  const server = resource === 'old-server-certificate';
  const step = server ? 'old-server-certificate' : 'old-ca-certificate';
  yield { type: 'step', step, state: 'started', name, id };
  try {
    yield* perform(run, {
      step,
      detail: { action: server ? 'DeleteServerCertificate' : 'DeleteCACertificate', id, name },
      send: () => (server ? deleteServerCertificate(run.client, id) : deleteCaCertificate(run.client, id)),
      look: async () => {
        const left = server
          ? await describeServerCertificates(run.client)
          : await describeCaCertificates(run.client);
        return left.some((certificate) => certificate.id === id) ? undefined : {};
      },
      settle: (_, resources) =>
        withoutCertificate(resources, server ? 'serverCertificates' : 'caCertificates', id),
    });
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'SLB_IN_USE')) throw error;
    // Another listener has it, or has had it a moment ago: it stays, and the next plan offers it again.
    yield { type: 'step', step, state: 'skipped', name, id };
    return;
  }
  yield { type: 'step', step, state: 'done', name, id };
}
