/** Rollouts by name: their rows, the desired state put together from what is kept here, and their cloud account. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { ProbeProgress, ProbeResult, ProbeTarget } from '../../contract/probe.ts';
import { Problem } from '../../contract/problem.ts';
import {
  type DesiredRollout,
  desiredRollout,
  type RolloutEvent,
  type RolloutPlan,
  type RolloutResources,
  type RolloutStatus,
  type RolloutView,
  type rolloutRequest,
} from '../../contract/rollout.ts';
import { findAuthority, findCertificate } from '../authority/find.ts';
import { clientFor, findAccount } from '../cloud/accounts.ts';
import { audit, type CoreContext, requireUnlocked } from '../context.ts';
import { identityOfCertificate, probeListener } from '../probe/listener.ts';
import type { CloudAccountRecord, RolloutRecord } from '../registry/records.ts';
import { hostsOf } from '../server-certificate/host.ts';
import { findServerCertificate, slbForm } from '../server-certificate/store.ts';
import { certificatePem, parseCertificate, readCertificates } from '../x509/certificate.ts';
import { sameName } from '../x509/name.ts';
import { applyRollout } from './apply.ts';
import { readCloudState } from './cloud-state.ts';
import { destroyRollout } from './destroy.ts';
import { saveEvidence } from './evidence.ts';
import { registryJournal } from './journal.ts';
import { planRollout } from './plan.ts';
import { noResources } from './resources.ts';
import { observeRollout } from './status.ts';

type Request = z.output<typeof rolloutRequest>;

/** @throws Problem ROLLOUT_NOT_FOUND */
export function findRollout({ registry }: CoreContext, name: string): RolloutRecord {
  const found = registry.read((rows) => rows.rollouts.byName(name));
  if (!found) throw new Problem('ROLLOUT_NOT_FOUND', { name });
  return found;
}

export function listRollouts(context: CoreContext): RolloutView[] {
  return context.registry
    .read((rows) => rows.rollouts.list())
    .map((row) => {
      const { name: account, practice, regionId } = accountById(context, row);
      return {
        name: row.name,
        account,
        practice,
        regionId,
        resources: journalOf(context, row).resources(),
        updatedAt: row.updatedAt,
      };
    });
}

/** Changes nothing, here or in the cloud. */
export async function planByName(
  context: CoreContext,
  request: Request,
  signal?: AbortSignal,
): Promise<RolloutPlan> {
  const account = accountOf(context, request);
  const desired = desiredOf(context, request, account);
  const row = context.registry.read((rows) => rows.rollouts.byName(request.name));
  const resources = row ? journalOf(context, row).resources() : noResources;
  return planRollout(
    desired,
    await readCloudState(clientFor(context, account, signal), desired, resources),
    resources,
    context.clock(),
  );
}

export async function* applyByName(
  context: CoreContext,
  request: Request & { readonly digest?: string | undefined; readonly until?: 'ca-certificate' | undefined },
  signal?: AbortSignal,
): AsyncGenerator<RolloutEvent, RolloutStatus, void> {
  requireUnlocked(context);
  const account = accountOf(context, request);
  const desired = desiredOf(context, request, account);
  const client = clientFor(context, account, signal);
  const row = saveDesired(context, request.name, account, desired);
  const { serverCertificate } = request;
  const status = yield* applyRollout({
    client,
    desired,
    journal: journalOf(context, row),
    serverKey: () => Buffer.from(slbForm(context, serverCertificate).privateKey),
    clock: context.clock,
    ...(signal === undefined ? {} : { signal }),
    ...(request.digest === undefined ? {} : { agreed: request.digest }),
    ...(request.until === undefined ? {} : { until: request.until }),
  });
  context.registry.write((rows) =>
    audit(context, rows, 'rollout.applied', {
      rollout: request.name,
      endpoint: status.endpoint,
      ready: status.ready,
    }),
  );
  return status;
}

export async function statusByName(
  context: CoreContext,
  name: string,
  signal?: AbortSignal,
): Promise<RolloutStatus> {
  const row = findRollout(context, name);
  const client = clientFor(context, accountById(context, row), signal);
  return observeRollout(client, parseDesired(row), journalOf(context, row).resources(), context.clock());
}

export async function* destroyByName(
  context: CoreContext,
  name: string,
  signal?: AbortSignal,
): AsyncGenerator<RolloutEvent, RolloutResources, void> {
  requireUnlocked(context);
  const row = findRollout(context, name);
  const client = clientFor(context, accountById(context, row), signal);
  const left = yield* destroyRollout({
    client,
    desired: parseDesired(row),
    journal: journalOf(context, row),
    clock: context.clock,
    ...(signal === undefined ? {} : { signal }),
  });
  context.registry.write((rows) => {
    rows.rollouts.delete(row.id);
    audit(context, rows, 'rollout.destroyed', { rollout: name });
  });
  return left;
}

/** Step 7: the cloud says it runs, and a real handshake agrees. @throws Problem ROLLOUT_NOT_READY */
export async function* verifyByName(
  context: CoreContext,
  {
    name,
    client: reference,
    requests,
  }: { readonly name: string; readonly client?: string | undefined; readonly requests: number },
  signal?: AbortSignal,
): AsyncGenerator<ProbeProgress, ProbeResult, void> {
  const row = findRollout(context, name);
  const desired = parseDesired(row);
  const status = await statusByName(context, name, signal);
  const { endpoint } = status;
  if (endpoint === null) throw new Problem('ROLLOUT_NOT_READY', { name });
  const authority = authorityOfCa(context, desired);
  const roots = ownRootsOf(context, desired);
  const result = yield* probeListener(context, {
    target: targetOf(endpoint, desired),
    requests,
    ...(authority ? { authority } : {}),
    ...(reference === undefined
      ? {}
      : { client: identityOfCertificate(context, findCertificate(context, reference)) }),
    ...(roots.length === 0 ? {} : { roots }),
    ...(signal === undefined ? {} : { signal }),
  });
  saveEvidence(context, row.id, status, result);
  return result;
}

// ── desired state ──────────────────────────────────────────────────────────────────────────────────

function desiredOf(context: CoreContext, request: Request, account: CloudAccountRecord): DesiredRollout {
  const server = findServerCertificate(context, request.serverCertificate);
  if (server.chainPem === null) throw new Problem('SERVER_CERTIFICATE_PENDING', { name: server.name });
  const authority = findAuthority(context, request.authority);
  const caDer = context.registry.read((rows) => rows.certificates.get(authority.certificateId)!).der;
  return {
    regionId: account.regionId,
    loadBalancer: request.loadBalancer,
    serverCertificate: {
      name: nameForClb(server.name, server.fingerprint ?? server.id),
      chainPem: server.chainPem,
    },
    caCertificate: { name: nameForClb(authority.name, authority.certificateId), pem: certificatePem(caDer) },
    listener: request.listener,
    backends: request.backends,
  };
}

/**
 * CLB takes Latin letters, digits, `.`, `_` and `-`; people also write Japanese and spaces. A name that had to be
 * changed carries the beginning of the fingerprint, so that two of them stay two.
 */
function nameForClb(name: string, fingerprint: string): string {
  if (/^[A-Za-z][A-Za-z0-9._-]{0,79}$/.test(name)) return name;
  const plain = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '')
    .slice(0, 60);
  return `${plain === '' ? 'warifu' : plain}-${fingerprint.slice(0, 8)}`;
}

function saveDesired(
  context: CoreContext,
  name: string,
  account: CloudAccountRecord,
  desired: DesiredRollout,
): RolloutRecord {
  const at = context.clock().toISOString();
  return context.registry.write((rows) => {
    const existing = rows.rollouts.byName(name);
    if (existing && existing.accountId !== account.id)
      throw new Problem('ROLLOUT_ELSEWHERE', {
        name,
        account: rows.cloudAccounts.get(existing.accountId)?.name ?? '',
      });
    const row: RolloutRecord = existing
      ? { ...existing, desired: JSON.stringify(desired), updatedAt: at }
      : {
          id: randomUUID(),
          name,
          accountId: account.id,
          desired: JSON.stringify(desired),
          resources: JSON.stringify(noResources),
          createdAt: at,
          updatedAt: at,
        };
    if (existing) rows.rollouts.update(row);
    else rows.rollouts.insert(row);
    audit(context, rows, 'rollout.apply', {
      rollout: name,
      account: account.name,
      regionId: desired.regionId,
    });
    return row;
  });
}

export const parseDesired = (row: RolloutRecord): DesiredRollout =>
  desiredRollout.parse(JSON.parse(row.desired));

export const journalOf = (context: CoreContext, row: RolloutRecord) =>
  registryJournal(context.registry, row.id, context.clock);

/** The account asked for; without one, the rollout's own, else the only one there is. */
function accountOf(context: CoreContext, { account, name }: Request): CloudAccountRecord {
  const row = account === undefined ? context.registry.read((rows) => rows.rollouts.byName(name)) : undefined;
  return row ? accountById(context, row) : findAccount(context, account);
}

export function accountById({ registry }: CoreContext, { accountId }: RolloutRecord): CloudAccountRecord {
  const found = registry.read((rows) => rows.cloudAccounts.get(accountId));
  if (!found) throw new Problem('CLOUD_ACCOUNT_NOT_FOUND', { account: accountId, known: '' });
  return found;
}

// ── what to verify against ─────────────────────────────────────────────────────────────────────────

function targetOf(endpoint: string, { serverCertificate }: DesiredRollout): ProbeTarget {
  const { hostname, port } = new URL(`https://${endpoint}`);
  const address = hostname.replace(/^\[|\]$/g, '');
  const host = hostOf(serverCertificate.chainPem);
  return { host: host ?? address, port: Number(port || 443), address };
}

/** A name that the listener's certificate covers, to ask for: the load balancer's bare address is rarely in it. */
function hostOf(chainPem: string): string | undefined {
  const [leaf] = readCertificates(Buffer.from(chainPem));
  return leaf && hostsOf(leaf).find(({ value }) => !value.startsWith('*'))?.value;
}

export function authorityOfCa({ registry }: CoreContext, { caCertificate }: DesiredRollout) {
  const [ca] = readCertificates(Buffer.from(caCertificate.pem));
  return registry.read((rows) =>
    rows.authorities
      .list()
      .find((authority) => Buffer.from(rows.certificates.get(authority.certificateId)!.der).equals(ca!.der)),
  );
}

/** Own CAs that the listener's chain ends at; none means that the system's roots must do. */
function ownRootsOf({ registry }: CoreContext, { serverCertificate }: DesiredRollout): string[] {
  const last = readCertificates(Buffer.from(serverCertificate.chainPem)).at(-1)!;
  return registry.read((rows) =>
    rows.authorities
      .list()
      .map(({ certificateId }) => parseCertificate(rows.certificates.get(certificateId)!.der))
      .filter(({ subject }) => sameName(subject, last.issuer))
      .map(({ der }) => certificatePem(der)),
  );
}
