/** A practice cloud, a proxy before it that loses messages, and a journal in memory. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Problem, type ProblemCode } from '../../../contract/problem.ts';
import {
  type DesiredRollout,
  type DesiredRolloutInput,
  desiredRollout,
  type RolloutEvent,
  type RolloutResources,
  type RolloutStatus,
} from '../../../contract/rollout.ts';
import { type ApplyOptions, applyRollout } from '../../../core/rollout/apply.ts';
import { readCloudState } from '../../../core/rollout/cloud-state.ts';
import type { JournalEntry, RolloutJournal } from '../../../core/rollout/journal.ts';
import { planRollout } from '../../../core/rollout/plan.ts';
import { noResources } from '../../../core/rollout/resources.ts';
import { describeCaCertificates, describeServerCertificates } from '../../../core/slb/certificates.ts';
import { createSlbClient, type SlbClient } from '../../../core/slb/client.ts';
import { describeLoadBalancer, describeLoadBalancers } from '../../../core/slb/load-balancers.ts';
import { type Simulator, startSimulator } from '../../../simulator/simulator.ts';
import { type Made, makeCa, makeServer } from './certificates.ts';

export interface Practice {
  readonly simulator: Simulator;
  readonly proxy: LossyProxy;
  readonly ca: Made;
  readonly otherCa: Made;
  readonly server: Made;
  readonly otherServer: Made;
  readonly client: SlbClient;
}

const regionId = 'ap-northeast-1';

async function makeCertificates() {
  const [ca, otherCa] = await Promise.all([makeCa('CN=Practice CA'), makeCa('CN=Practice CA 2')]);
  const [server, otherServer] = await Promise.all([
    makeServer('www.example.com', ca),
    makeServer('www.example.com', ca),
  ]);
  return { ca, otherCa, server, otherServer };
}
let certificates: ReturnType<typeof makeCertificates> | undefined;

/** A cloud of its own, closed when the test ends. */
export async function openPractice(
  t: Pick<TestContext, 'after'>,
  delays: { readonly consistency?: number } = {},
): Promise<Practice> {
  certificates ??= makeCertificates();
  const made = await certificates;
  const simulator = await startSimulator({
    port: 0,
    delays: { consistency: 30, starting: 30, stopping: 30, second: 20, ...delays },
  });
  const proxy = await LossyProxy.start(simulator.endpoint);
  t.after(async () => {
    proxy.close();
    await simulator.close();
  });
  const client = createSlbClient({
    regionId,
    endpoint: proxy.endpoint,
    credentials: { accessKeyId: simulator.accessKeyId, accessKeySecret: simulator.accessKeySecret },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 50)),
  });
  return { simulator, proxy, client, ...made };
}

/** The request never reaches the cloud, or its answer never comes back. */
export type Loss = 'request' | 'reply';

/** Forwards to the practice cloud, and loses the request or the reply of chosen actions, as often as asked. */
export class LossyProxy {
  readonly endpoint: string;
  readonly #server: Server;
  readonly #losses: { action: string; loss: Loss; times: number }[] = [];
  /** Every action in order. */
  readonly calls: string[] = [];
  /** Every URL with its header lines, in which no secret may be. */
  readonly openText: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(target: string): Promise<LossyProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new LossyProxy(server);
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) =>
      proxy.#forward(new URL(target), incoming, outgoing),
    );
    return proxy;
  }

  lose(action: string, loss: Loss, times = 1): void {
    this.#losses.push({ action, loss, times });
  }

  /** How often each changing action came, in the order of its first coming. */
  changes(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const action of this.calls)
      if (!action.startsWith('Describe')) counts[action] = (counts[action] ?? 0) + 1;
    return counts;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #forward(target: URL, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readAll(incoming);
    const action = String(incoming.headers['x-acs-action']);
    this.calls.push(action);
    this.openText.push(`${incoming.url} ${incoming.rawHeaders.join(' ')}`);
    const loss = this.#take(action);
    if (loss === 'request') return void incoming.socket.destroy();
    const { 'transfer-encoding': _, ...headers } = incoming.headers;
    const forwarded = request({
      hostname: target.hostname,
      port: target.port,
      method: 'POST',
      path: incoming.url,
      headers: { ...headers, 'content-length': body.length },
    });
    forwarded.on('error', () => incoming.socket.destroy());
    forwarded.on('response', async (reply) => {
      const answer = await readAll(reply);
      if (loss === 'reply') return void incoming.socket.destroy();
      outgoing.writeHead(reply.statusCode ?? 500, { 'content-type': 'application/json' });
      outgoing.end(answer);
    });
    forwarded.end(body);
  }

  #take(action: string): Loss | undefined {
    const planned = this.#losses.find((each) => each.action === action && each.times > 0);
    if (planned) planned.times--;
    return planned?.loss;
  }
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A process that dies: nothing of its own that changes anything runs after that. */
export class Killed extends Error {}

export class MemoryJournal implements RolloutJournal {
  readonly rolloutId: string;
  readonly log: JournalEntry[] = [];
  standing: RolloutResources = noResources;
  /** Dies at this write, counted from 1: before it reaches the disk, or just after. */
  killAt: { readonly write: number; readonly when: 'before' | 'after' } | undefined;
  writes = 0;

  constructor(rolloutId: string) {
    this.rolloutId = rolloutId;
  }

  append(entry: JournalEntry, resources?: RolloutResources): void {
    this.writes++;
    const dies = this.killAt?.write === this.writes;
    if (dies && this.killAt?.when === 'before') throw new Killed();
    this.log.push(structuredClone(entry));
    if (resources) this.standing = structuredClone(resources);
    if (dies) throw new Killed();
  }

  entries(): readonly JournalEntry[] {
    return this.log;
  }

  resources(): RolloutResources {
    return this.standing;
  }
}

/** Soon healthy; not soon unhealthy, however busy the machine is. */
export const quickHealthCheck = { interval: 1, timeout: 200, healthyThreshold: 2, unhealthyThreshold: 10 };

export function desiredFor(practice: Practice, change: Partial<DesiredRolloutInput> = {}): DesiredRollout {
  return desiredRollout.parse({
    regionId,
    loadBalancer: { create: { name: 'warifu' } },
    serverCertificate: { name: 'web', chainPem: practice.server.pem },
    caCertificate: { name: 'clients', pem: practice.ca.pem },
    // A second of this cloud is 20 ms: a busy machine must not make a healthy backend look ill.
    listener: { healthCheck: quickHealthCheck },
    backends: practice.simulator.backends.map(({ serverId }) => ({ serverId })),
    ...change,
  });
}

export function applyOptions(
  practice: Practice,
  desired: DesiredRollout,
  journal: RolloutJournal,
  change: Partial<ApplyOptions> = {},
): ApplyOptions {
  const { server, otherServer } = practice;
  const { key } = desired.serverCertificate.chainPem === otherServer.pem ? otherServer : server;
  return {
    client: practice.client,
    desired,
    journal,
    serverKey: () => Uint8Array.from(key),
    clock: () => new Date(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 20)),
    patience: { visible: 0.2, state: 20, healthy: 20, released: 5 },
    ...change,
  };
}

/** Runs to the end, and gives the events and what was returned. */
export async function finish<T>(
  run: AsyncGenerator<RolloutEvent, T>,
  onEvent: (event: RolloutEvent, count: number) => void = () => {},
) {
  const events: RolloutEvent[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, result: next.value };
    events.push(next.value);
    onEvent(next.value, events.length);
  }
}

export async function apply(
  practice: Practice,
  desired: DesiredRollout,
  journal: RolloutJournal,
): Promise<RolloutStatus> {
  return (await finish(applyRollout(applyOptions(practice, desired, journal)))).result;
}

export async function plan(practice: Practice, desired: DesiredRollout, journal: RolloutJournal) {
  const resources = journal.resources();
  return planRollout(
    desired,
    await readCloudState(practice.client, desired, resources),
    resources,
    new Date(),
  );
}

/** What is in the cloud: how many of each. */
export async function census({ client }: Practice) {
  const loadBalancers = await describeLoadBalancers(client);
  const details = await Promise.all(loadBalancers.map(({ id }) => describeLoadBalancer(client, id)));
  return {
    loadBalancers: loadBalancers.length,
    listeners: details.flatMap((detail) => detail?.listeners ?? []).length,
    backends: details.flatMap((detail) => detail?.backends ?? []).length,
    serverCertificates: (await describeServerCertificates(client)).length,
    caCertificates: (await describeCaCertificates(client)).length,
  };
}

export const oneOfEach = {
  loadBalancers: 1,
  listeners: 1,
  backends: 2,
  serverCertificates: 1,
  caCertificates: 1,
};
export const nothingLeft = {
  loadBalancers: 0,
  listeners: 0,
  backends: 0,
  serverCertificates: 0,
  caCertificates: 0,
};

export async function problemOf(
  work: Promise<unknown>,
): Promise<{ readonly code: ProblemCode; readonly data: Record<string, unknown> }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, data: error.data as Record<string, unknown> };
    throw error;
  }
  throw new Error('expected a problem');
}
