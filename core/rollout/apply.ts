/**
 * Leads the cloud to the desired state, one journaled call at a time. Every step looks first what is there,
 * so that a run after a crash, a lost answer or somebody else's change does only what is missing.
 */
import { createHash, randomUUID } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import type {
  DesiredRollout,
  PlanItem,
  RolloutEvent,
  RolloutStatus,
  RolloutStep,
} from '../../contract/rollout.ts';
import { addBackendServers, type Backend, removeBackendServers, setBackendServers } from '../slb/backends.ts';
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
import type { SlbClient } from '../slb/client.ts';
import {
  createLoadBalancer,
  describeLoadBalancer,
  setLoadBalancerName,
  setLoadBalancerStatus,
} from '../slb/load-balancers.ts';
import { type ClbCertificates, clbCertificates, clbPrivateKey } from './clb-rules.ts';
import { type CloudState, findLoadBalancer, findLoadBalancerByName, readCloudState } from './cloud-state.ts';
import type { CallDetail, RolloutJournal } from './journal.ts';
import { configureListener, startConfiguredListener, waitUntilHealthy } from './listener-steps.ts';
import {
  backendChanges,
  backendKey,
  isFingerprintOf,
  planCaCertificate,
  planLoadBalancer,
  planRollout,
  planServerCertificate,
} from './plan.ts';
import { recover } from './recover.ts';
import {
  type CertificateKind,
  withBackends,
  withCertificate,
  withoutBackends,
  withoutCertificate,
} from './resources.ts';
import {
  defaultPatience,
  type Patience,
  type Progress,
  perform,
  type Run,
  record,
  stopWhenCancelled,
  timedOut,
  waitFor,
} from './run.ts';
import { observeRollout } from './status.ts';

export interface ApplyOptions {
  readonly client: SlbClient;
  readonly desired: DesiredRollout;
  readonly journal: RolloutJournal;
  /** Gives the server's private key, PEM or DER, unencrypted. Asked only when a certificate is uploaded; wiped after. */
  readonly serverKey: () => Uint8Array | Promise<Uint8Array>;
  readonly clock: () => Date;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly patience?: Partial<Patience>;
  /** `digest` of the plan that a person has agreed to: anything else is refused. */
  readonly agreed?: string;
}

/**
 * Yields what happens and returns what stands. Run again after any problem, it continues.
 * @throws Problem of the checks before anything is sent; ROLLOUT_PLAN_CHANGED; ROLLOUT_CANCELLED between steps;
 *   ROLLOUT_UNHEALTHY and ROLLOUT_TIMED_OUT; those of the API calls. An `interrupted` event comes before it.
 */
export async function* applyRollout(options: ApplyOptions): Progress<RolloutStatus> {
  const run = openRun(options);
  const { client, desired, journal } = run;
  const beginning = planRollout(
    desired,
    await readCloudState(client, desired, journal.resources()),
    journal.resources(),
    run.clock(),
  );
  if (options.agreed !== undefined && options.agreed !== beginning.digest)
    throw new Problem('ROLLOUT_PLAN_CHANGED', {});
  let current: RolloutStep = 'load-balancer';
  const enter = (step: RolloutStep): void => {
    current = step;
    stopWhenCancelled(run, step);
  };

  try {
    yield* recover(run);
    const plan = planRollout(
      desired,
      await readCloudState(client, desired, journal.resources()),
      journal.resources(),
      run.clock(),
    );
    yield { type: 'plan', plan };
    const certificates = clbCertificates(desired);

    enter('load-balancer');
    const loadBalancerId = yield* bringLoadBalancer(run);
    enter('server-certificate');
    const serverCertificateId = yield* bringServerCertificate(run, certificates, options.serverKey);
    enter('ca-certificate');
    const caCertificateId = yield* bringCaCertificate(run, certificates);
    enter('backends');
    yield* bringBackends(run, loadBalancerId);
    enter('listener');
    yield* configureListener(run, loadBalancerId, { serverCertificateId, caCertificateId });
    enter('start-listener');
    yield* wakeLoadBalancer(run, loadBalancerId);
    yield* startConfiguredListener(run, loadBalancerId);
    enter('wait-healthy');
    yield* waitUntilHealthy(run, loadBalancerId);
    for (const item of plan.items.filter(({ action }) => action === 'delete')) {
      enter(item.resource === 'old-server-certificate' ? 'old-server-certificate' : 'old-ca-certificate');
      yield* deleteSuperseded(run, item);
    }
  } catch (error) {
    yield await interrupted(run, current);
    throw error;
  }
  return await observeRollout(client, desired, journal.resources(), run.clock());
}

export function openRun(options: Omit<ApplyOptions, 'serverKey' | 'agreed'>): Run {
  const { client, desired, journal, clock, sleep = pause, signal, patience } = options;
  return {
    client,
    desired,
    journal,
    clock,
    sleep,
    signal,
    patience: { ...defaultPatience, ...patience },
    runId: randomUUID(),
  };
}

/** What stands when a run stops short, as far as the cloud still answers. */
export async function interrupted(run: Run, step: RolloutStep): Promise<RolloutEvent> {
  const status = await observeRollout(run.client, run.desired, run.journal.resources(), run.clock()).catch(
    () => null,
  );
  return { type: 'interrupted', step, status };
}

// ── load balancer ──────────────────────────────────────────────────────────────────────────────────

async function* bringLoadBalancer(run: Run): Progress<string> {
  const step = 'load-balancer';
  const { client, desired, journal } = run;
  const found = await findLoadBalancer(client, desired, journal.resources());
  if (found) {
    const item = planLoadBalancer(desired, { ...nothingKnown, loadBalancer: found }, journal.resources());
    yield {
      type: 'step',
      step,
      state: item.action === 'nothing' ? 'skipped' : 'started',
      name: found.name,
      id: found.id,
    };
    if (journal.resources().loadBalancer?.id !== found.id) {
      const resources = {
        ...journal.resources(),
        loadBalancer: { id: found.id, name: found.name, made: false },
      };
      record(run, step, 'done', { action: 'adopt', id: found.id, name: found.name }, resources);
    }
    if (item.action === 'change' && item.willBe && item.willBe['LoadBalancerName'] !== found.name)
      yield* renameLoadBalancer(run, found.id, item.willBe['LoadBalancerName']!);
    yield* waitUntilActive(run, found.id, found.status === 'inactive');
    if (item.action !== 'nothing')
      yield { type: 'step', step, state: 'done', name: found.name, id: found.id };
    return found.id;
  }
  const created = yield* orderLoadBalancer(run);
  yield* waitUntilActive(run, created.id, false);
  yield { type: 'step', step, state: 'done', name: created.name, id: created.id };
  return created.id;
}

async function* orderLoadBalancer(run: Run): Progress<{ readonly id: string; readonly name: string }> {
  const { client, desired } = run;
  if (!('create' in desired.loadBalancer))
    throw new Problem('LOAD_BALANCER_NOT_FOUND', { loadBalancer: '', regionId: client.regionId });
  const wanted = desired.loadBalancer.create;
  const clientToken = orderToken(run.journal, wanted);
  yield { type: 'step', step: 'load-balancer', state: 'started', name: wanted.name, id: null };
  return yield* perform<{ readonly id: string; readonly name: string }>(run, {
    step: 'load-balancer',
    detail: { action: 'CreateLoadBalancer', name: wanted.name, clientToken },
    send: async () => ({
      ...(await createLoadBalancer(client, { ...wanted, clientToken })),
      name: wanted.name,
    }),
    look: async () => await findLoadBalancerByName(client, wanted.name),
    settle: ({ id, name }, resources) => ({ ...resources, loadBalancer: { id, name, made: true } }),
  });
}

/**
 * The same for every attempt at one order, also after a crash and in another process, so that the cloud
 * itself sees the repeat; another one once an order was fulfilled (and its instance destroyed since).
 */
function orderToken(journal: RolloutJournal, wanted: object): string {
  const fulfilled = journal
    .entries()
    .filter(({ state, detail }) => state === 'done' && detail.action === 'CreateLoadBalancer').length;
  return `warifu-${createHash('sha256')
    .update(JSON.stringify([journal.rolloutId, fulfilled, wanted]))
    .digest('hex')
    .slice(0, 40)}`;
}

async function* renameLoadBalancer(run: Run, id: string, name: string): Progress<void> {
  yield* perform(run, {
    step: 'load-balancer',
    detail: { action: 'SetLoadBalancerName', id, name },
    send: () => setLoadBalancerName(run.client, id, name),
    look: async () => ((await describeLoadBalancer(run.client, id))?.name === name ? {} : undefined),
    settle: (_, resources) =>
      resources.loadBalancer
        ? { ...resources, loadBalancer: { ...resources.loadBalancer, name } }
        : resources,
  });
}

/** One that was inactive before is woken later, when it has a listener. */
async function* waitUntilActive(run: Run, id: string, inactiveBefore: boolean): Progress<void> {
  yield* waitFor(run, {
    step: 'load-balancer',
    seconds: run.patience.state,
    look: async () => {
      const state = (await describeLoadBalancer(run.client, id))?.status ?? 'absent';
      if (state === 'locked') throw new Problem('LOAD_BALANCER_LOCKED', { loadBalancer: id });
      return state === 'active' || (inactiveBefore && state === 'inactive')
        ? { state, reached: true }
        : { state };
    },
    late: timedOut(id, 'active'),
  });
}

/** A load balancer whose listeners were all gone, or that somebody stopped, forwards nothing until it is active. */
async function* wakeLoadBalancer(run: Run, id: string): Progress<void> {
  const status = async () => (await describeLoadBalancer(run.client, id))?.status;
  if ((await status()) !== 'inactive') return;
  yield* perform(run, {
    step: 'start-listener',
    detail: { action: 'SetLoadBalancerStatus', id },
    send: () => setLoadBalancerStatus(run.client, id, 'active'),
    look: async () => ((await status()) === 'active' ? {} : undefined),
    settle: (_, resources) => resources,
  });
}

// ── certificates ───────────────────────────────────────────────────────────────────────────────────

async function* bringServerCertificate(
  run: Run,
  certificates: ClbCertificates,
  serverKey: ApplyOptions['serverKey'],
): Progress<string> {
  const { client, desired, journal } = run;
  const { server } = certificates;
  const inCloud = await describeServerCertificates(client);
  const item = planServerCertificate(
    certificates,
    { ...(await listenerInUse(run)), serverCertificates: inCloud },
    journal.resources(),
  );
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

async function* bringCaCertificate(run: Run, certificates: ClbCertificates): Progress<string> {
  const { client, journal } = run;
  const { ca } = certificates;
  const inCloud = await describeCaCertificates(client);
  const item = planCaCertificate(
    certificates,
    { ...(await listenerInUse(run)), caCertificates: inCloud },
    journal.resources(),
  );
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

/** The certificates that the listener has now decide which of several equal uploads is adopted. */
async function listenerInUse({ client, desired, journal }: Run): Promise<CloudState> {
  return await readCloudState(client, desired, journal.resources());
}

async function* deleteSuperseded(run: Run, { resource, id, name }: PlanItem): Progress<void> {
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

// ── backends ───────────────────────────────────────────────────────────────────────────────────────

async function* bringBackends(run: Run, loadBalancerId: string): Progress<void> {
  const step = 'backends';
  const { client, desired, journal } = run;
  const present = async () => (await describeLoadBalancer(client, loadBalancerId))?.backends ?? [];
  const { add, reweigh, remove } = backendChanges(
    desired,
    { ...nothingKnown, loadBalancer: await describeLoadBalancer(client, loadBalancerId) },
    journal.resources(),
  );
  const name = desired.backends.map(({ serverId }) => serverId).join(', ');
  if (add.length + reweigh.length + remove.length === 0) {
    yield { type: 'step', step, state: 'skipped', name, id: loadBalancerId };
    return;
  }
  yield { type: 'step', step, state: 'started', name, id: loadBalancerId };
  if (remove.length > 0) {
    const gone = new Set(remove.map(backendKey));
    yield* perform(run, {
      step,
      detail: { action: 'RemoveBackendServers', loadBalancerId, servers: members(remove) },
      send: () => removeBackendServers(client, loadBalancerId, remove.map(toBackend)),
      look: async () => ((await present()).some((backend) => gone.has(backendKey(backend))) ? undefined : {}),
      settle: (_, resources) => withoutBackends(resources, members(remove)),
    });
  }
  if (add.length > 0)
    yield* perform(run, {
      step,
      detail: { action: 'AddBackendServers', loadBalancerId, servers: members(add) },
      send: () => addBackendServers(client, loadBalancerId, add),
      look: async () => {
        const there = new Set((await present()).map(backendKey));
        return add.every((backend) => there.has(backendKey(backend))) ? {} : undefined;
      },
      settle: (_, resources) => withBackends(resources, members(add)),
    });
  if (reweigh.length > 0)
    yield* perform(run, {
      step,
      detail: { action: 'SetBackendServers', loadBalancerId, servers: members(reweigh) },
      send: () => setBackendServers(client, loadBalancerId, reweigh),
      look: async () => {
        const there = new Map((await present()).map((backend) => [backendKey(backend), backend.weight]));
        return reweigh.every((backend) => there.get(backendKey(backend)) === backend.weight) ? {} : undefined;
      },
      settle: (_, resources) => resources,
    });
  yield { type: 'step', step, state: 'done', name, id: loadBalancerId };
}

export function members(
  backends: readonly {
    readonly serverId: string;
    readonly serverIp?: string | undefined;
    readonly type: string;
  }[],
) {
  return backends.map(({ serverId, serverIp = '', type }) => ({ serverId, serverIp, type }));
}

export function toBackend({
  serverId,
  serverIp,
  type,
}: {
  readonly serverId: string;
  readonly serverIp: string;
  readonly type: string;
}): Backend {
  return type === 'eni' || type === 'eci'
    ? { serverId, weight: 100, type, serverIp }
    : { serverId, weight: 100 };
}

const nothingKnown: CloudState = {
  loadBalancer: undefined,
  serverCertificates: [],
  caCertificates: [],
  listener: undefined,
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
