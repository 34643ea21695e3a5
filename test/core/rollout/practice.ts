/** A practice cloud, a proxy before it that loses messages, and a journal in memory. */
import { createServer, request, type Server } from 'node:http';
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
  /** A region of its own for each case, so that they can run side by side. */
  client(regionId: string): SlbClient;
  close(): Promise<void>;
}

export async function openPractice(delays: object = {}): Promise<Practice> {
  const [ca, otherCa] = await Promise.all([makeCa('CN=Practice CA'), makeCa('CN=Practice CA 2')]);
  const [server, otherServer] = await Promise.all([
    makeServer('www.example.com', ca),
    makeServer('www.example.com', ca),
  ]);
  const simulator = await startSimulator({
    port: 0,
    delays: { consistency: 30, starting: 30, stopping: 30, second: 20, ...delays },
  });
  const proxy = await LossyProxy.start(simulator.endpoint);
  const practice: Practice = {
    simulator,
    proxy,
    ca,
    otherCa,
    server,
    otherServer,
    client: createSlbClient({
      regionId,
      endpoint: proxy.endpoint,
      credentials: { accessKeyId: simulator.accessKeyId, accessKeySecret: simulator.accessKeySecret },
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 50)),
    }),
    async close() {
      proxy.close();
      await simulator.close();
    },
  };
  t.after(() => practice.close());
  return practice;
}

export type Loss = 'request' | 'reply';

/** Forwards to the practice cloud, and loses the request or the reply of chosen actions, as often as asked. */
export class LossyProxy {
  readonly endpoint: string;
  readonly #server: Server;
  readonly #losses: { action: string; loss: Loss; times: number }[] = [];
  /** Every call in order. */
  readonly calls: string[] = [];
  /** Every URL and every header line, in which no secret may be. */
  readonly openText: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(target: string): Promise<LossyProxy> {
    const { hostname, port } = new URL(target);
    let self: LossyProxy | undefined;
    const server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks);
        const action = String(incoming.headers['x-acs-action']);
        self!.calls.push(action);
        self!.openText.push(`${incoming.url} ${incoming.rawHeaders.join(' ')}`);
        const loss = self!.#take(action);
        if (loss === 'request') return incoming.socket.destroy();
        const { 'transfer-encoding': _, ...headers } = incoming.headers;
        const forward = request(
          {
            hostname,
            port,
            method: 'POST',
            path: incoming.url,
            headers: { ...headers, 'content-length': body.length },
          },
          (reply) => {
            const answer: Buffer[] = [];
            reply.on('data', (chunk: Buffer) => answer.push(chunk));
            reply.on('end', () => {
              if (loss === 'reply') return incoming.socket.destroy();
              outgoing.writeHead(reply.statusCode ?? 500, {
                'content-type': reply.headers['content-type'] ?? 'application/json',
              });
              outgoing.end(Buffer.concat(answer));
            });
          },
        );
        forward.on('error', () => incoming.socket.destroy());
        forward.end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    self = new LossyProxy(server);
    return self;
  }

  lose(action: string, loss: Loss, times = 1): void {
    this.#losses.push({ action, loss, times });
  }

  #take(regionId: string, action: string): Loss | undefined {
    const planned = this.#losses.find(
      (each) => each.regionId === regionId && each.action === action && each.times > 0,
    );
    if (planned) planned.times--;
    return planned?.loss;
  }

  /** How often each changing action came, in one region. */
  changes(regionId: string): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const call of this.calls)
      if (call.regionId === regionId && !call.action.startsWith('Describe'))
        counts[call.action] = (counts[call.action] ?? 0) + 1;
    return counts;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** A process that dies at a journal write: nothing of its own code runs after that. */
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

export function desiredFor(
  practice: Practice,
  regionId: string,
  change: Partial<DesiredRolloutInput> = {},
): DesiredRollout {
  return desiredRollout.parse({
    regionId,
    loadBalancer: { create: { name: 'warifu' } },
    serverCertificate: { name: 'web', chainPem: practice.server.pem },
    caCertificate: { name: 'clients', pem: practice.ca.pem },
    listener: { healthCheck: { interval: 1, timeout: 1, healthyThreshold: 2, unhealthyThreshold: 2 } },
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
  const key =
    desired.serverCertificate.chainPem === practice.otherServer.pem
      ? practice.otherServer.key
      : practice.server.key;
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
  onEvent: (event: RolloutEvent, index: number) => void = () => {},
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
