/** The seven steps, looked at: nothing here remembers that somebody clicked. */
import type {
  GuideEvidence,
  GuideProposal,
  GuideStatus,
  GuideStep,
  GuideStepName,
} from '../../contract/guide.ts';
import { guideSteps } from '../../contract/guide.ts';
import type { HandshakeEvidence } from '../../contract/home.ts';
import type { CoreContext } from '../context.ts';
import type { Rooms } from '../procedures/base.ts';
import { lastEvidence } from '../rollout/evidence.ts';
import { isFingerprintOf } from '../rollout/plan-certificates.ts';
import { type CloudView, lookAtCloud } from './cloud.ts';
import { commandsFor } from './commands.ts';
import { lookAtStores, type StoreView } from './stores.ts';
import { type GuideSubject, guideSubject } from './subject.ts';

type Verdict = Pick<GuideStep, 'state' | 'evidence' | 'problem'>;

export async function guideStatus(
  { context, practice, stores }: Pick<Rooms, 'context' | 'practice' | 'stores'>,
  signal?: AbortSignal,
): Promise<GuideStatus> {
  const subject = guideSubject(context, practice);
  const [cloud, store] = await Promise.all([
    lookAtCloud(context, practice, subject, signal),
    lookAtStores(stores, subject),
  ]);
  const { account, rollout } = subject;
  const handshakes = rollout ? context.registry.read((rows) => lastEvidence(rows, rollout.id)) : null;
  const verdicts: Readonly<Record<GuideStepName, Verdict>> = {
    'server-certificate': serverCertificateStep(subject),
    authority: authorityStep(context, subject),
    'client-certificate': clientStep(subject),
    upload: uploadStep(subject, cloud),
    install: installStep(store),
    listener: listenerStep(cloud),
    test: testStep(cloud, handshakes),
  };
  const proposal = proposalFor(subject, practice.status());
  const steps = guideSteps.map((step) => ({
    step,
    ...verdicts[step],
    commands: commandsFor(step, subject, proposal),
  }));
  return {
    account: account ? { name: account.name, practice: account.practice, regionId: account.regionId } : null,
    steps,
    done: steps.filter(({ state }) => state === 'done').length,
    next: nextOf(steps, subject),
    proposal,
    checkedAt: context.clock().toISOString(),
  };
}

/** In Practice the own CA answers for the server certificate too, so that it comes first. */
function nextOf(steps: readonly GuideStep[], { account, authority }: GuideSubject): GuideStepName | null {
  const first = steps.find(({ state }) => state !== 'done')?.step ?? null;
  return first === 'server-certificate' && account?.practice && !authority ? 'authority' : first;
}

/** Done when everything that has to hold does, and there is something that has to. */
function verdict(evidence: GuideEvidence[]): Verdict {
  const needed = evidence.filter(({ ok }) => ok !== null);
  return {
    state: needed.length > 0 && needed.every(({ ok }) => ok) ? 'done' : 'open',
    evidence,
    problem: null,
  };
}

function serverCertificateStep({ serverCertificate }: GuideSubject): Verdict {
  if (!serverCertificate) return verdict([]);
  const { name, state, notAfter, hosts, clb, key } = serverCertificate;
  return verdict([
    { check: 'server-certificate-valid', ok: state === 'valid', observed: `${name} · ${notAfter ?? state}` },
    { check: 'server-certificate-hosts', ok: null, observed: hosts.join(', ') },
    {
      check: 'server-certificate-clb',
      ok: clb.accepted,
      observed: clb.accepted ? key : clb.obstacles.join(', '),
    },
  ]);
}

function authorityStep({ clock }: CoreContext, { authority }: GuideSubject): Verdict {
  if (!authority) return verdict([]);
  const at = clock().toISOString();
  const { name, notBefore, notAfter, key, clbObstacle, crl } = authority;
  return verdict([
    {
      check: 'authority-valid',
      ok: notBefore <= at && at < notAfter,
      observed: `${name} · ${notAfter}`,
    },
    { check: 'authority-clb', ok: clbObstacle === null, observed: key },
    {
      check: 'crl-current',
      ok: crl !== null && at < crl.nextUpdate,
      observed: crl === null ? '–' : `${crl.number} · ${crl.nextUpdate}`,
    },
  ]);
}

function clientStep({ clients, client }: GuideSubject): Verdict {
  if (clients === 0) return verdict([]);
  return verdict([
    {
      check: 'client-certificates-valid',
      ok: true,
      observed: client ? `${clients} · ${client.commonName}` : `${clients}`,
    },
  ]);
}

function uploadStep({ serverCertificate, authority }: GuideSubject, cloud: CloudView): Verdict {
  if (cloud.problem) return { state: 'unknown', evidence: [], problem: cloud.problem };
  const server =
    serverCertificate?.fingerprint &&
    cloud.serverCertificates.find(({ fingerprint }) =>
      isFingerprintOf(fingerprint, {
        sha1: serverCertificate.fingerprintSha1!,
        sha256: serverCertificate.fingerprint!,
      }),
    );
  const ca =
    authority &&
    cloud.caCertificates.find(({ fingerprint }) =>
      isFingerprintOf(fingerprint, { sha1: authority.fingerprintSha1, sha256: authority.fingerprint }),
    );
  return verdict([
    { check: 'server-certificate-uploaded', ok: !!server, observed: server ? server.id : '–' },
    { check: 'ca-certificate-uploaded', ok: !!ca, observed: ca ? ca.id : '–' },
  ]);
}

function installStep(store: StoreView): Verdict {
  if (store.problem) return { state: 'unknown', evidence: [], problem: store.problem };
  return verdict([
    { check: 'identity-installed', ok: store.identity !== null, observed: store.identity ?? '–' },
    { check: 'authority-trusted', ok: null, observed: store.trusted ?? '–' },
  ]);
}

function listenerStep(cloud: CloudView): Verdict {
  if (cloud.problem) return { state: 'unknown', evidence: [], problem: cloud.problem };
  if (!cloud.status) return verdict([]);
  return verdict(cloud.status.checks.map(({ check, ok, observed }) => ({ check, ok, observed })));
}

function testStep(cloud: CloudView, handshakes: HandshakeEvidence | null): Verdict {
  if (!handshakes) return verdict([]);
  if (cloud.problem) return { state: 'unknown', evidence: [], problem: cloud.problem };
  const { loadBalancer, listener } = cloud.status ?? { loadBalancer: null, listener: null };
  // Evidence of another listener, or of other certificates, proves nothing about this one.
  const same =
    loadBalancer?.id === handshakes.loadBalancerId &&
    listener?.serverCertificateId === handshakes.serverCertificateId &&
    listener.caCertificateId === handshakes.caCertificateId;
  if (!same) return verdict([]);
  const { cases, balance, at } = handshakes;
  const tested = cases.filter(({ verdict: outcome }) => outcome !== 'not-tested');
  const right = tested.filter(({ case: name }) => name === 'right-certificate');
  const others = tested.filter(({ case: name }) => name !== 'right-certificate');
  const good = (list: typeof tested): boolean =>
    list.length > 0 && list.every(({ verdict: outcome }) => outcome === 'as-expected');
  return verdict([
    { check: 'right-certificate-let-in', ok: good(right), observed: handshakes.host },
    {
      check: 'others-refused',
      ok: good(others),
      observed: `${others.filter(({ verdict: outcome }) => outcome === 'as-expected').length} / ${others.length}`,
    },
    ...(balance
      ? [
          {
            check: 'backends-even' as const,
            ok: balance.failed === 0 && balance.even !== false,
            observed: balance.backends.map(({ name, count }) => `${name} ${count}`).join(', '),
          },
        ]
      : []),
    { check: 'checked', ok: null, observed: at },
  ]);
}

function proposalFor(
  { account, rollout, asked, serverCertificate, authority, client }: GuideSubject,
  practice: {
    readonly nextAddress: string | null;
    readonly backends: readonly { readonly serverId: string }[];
  },
): GuideProposal {
  const rehearsal = account?.practice === true;
  const existing = asked && 'id' in asked.loadBalancer ? asked.loadBalancer.id : null;
  const created = asked && 'create' in asked.loadBalancer ? asked.loadBalancer.create.name : undefined;
  return {
    rollout: rollout?.name ?? (rehearsal ? 'practice' : 'default'),
    hosts: rehearsal
      ? [...new Set(['www.example.test', 'localhost', '127.0.0.1', practice.nextAddress ?? '127.0.0.1'])]
      : [],
    serverCertificate: serverCertificate?.name ?? null,
    authority: authority?.name ?? null,
    client: client?.id ?? null,
    loadBalancerId: existing,
    loadBalancerName: created ?? (rehearsal ? 'warifu-practice' : 'warifu'),
    backends: asked
      ? asked.backends.map(({ serverId, weight }) => ({ serverId, weight }))
      : rehearsal
        ? practice.backends.map(({ serverId }) => ({ serverId, weight: 100 }))
        : [],
    healthCheckInterval: asked?.listener.healthCheck.interval ?? (rehearsal ? 1 : 2),
    port: asked?.listener.port ?? 443,
    backendPort: asked?.listener.backendServerPort ?? 80,
  };
}
