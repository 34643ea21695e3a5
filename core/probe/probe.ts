/** Examines an HTTPS endpoint that asks for client certificates: step 7 of the tutorial as evidence. */
import type { SecureVersion } from 'node:tls';
import type {
  AdvertisedAuthorities,
  ProbeBalance,
  ProbeCase,
  ProbeCaseName,
  ProbedServer,
  ProbedVersion,
  ProbeObservation,
  ProbeProgress,
  ProbeResult,
  ProbeTarget,
} from '../../contract/probe.ts';
import { Problem } from '../../contract/problem.ts';
import { fingerprint1, fingerprint256, parseCertificate } from '../x509/certificate.ts';
import { nameText } from '../x509/name.ts';
import { readAdvertised } from './authorities.ts';
import { balanceOf } from './balance.ts';
import {
  type Exchange,
  type ExchangeOptions,
  exchange,
  openContext,
  type PeerIdentity,
  type ProbeIdentity,
} from './connection.ts';
import { explainRefusal } from './refusal.ts';
import { requirePath, serverNameOf } from './target.ts';

export type { ProbeIdentity } from './connection.ts';

/** The cases that need a certificate. */
export type IdentityCase = Exclude<ProbeCaseName, 'no-certificate'>;

export interface ProbeOptions {
  readonly target: ProbeTarget;
  /** Who to come as; a case without one is reported as not tested. */
  readonly identities: Partial<Readonly<Record<IdentityCase, ProbeIdentity>>>;
  /** Why an identity is not given, in the words of the caller. */
  readonly absent?: Partial<Readonly<Record<IdentityCase, string>>>;
  /** PEM certificates that may vouch for the server; the system's when absent. */
  readonly roots?: readonly string[];
  /** The CA that the listener is meant to accept, DER; makes explanations sharper. */
  readonly caCertificate?: Uint8Array;
  readonly path?: string;
  /** How many requests with the right certificate to count backends by; 0 for none. */
  readonly requests?: number;
  /** Milliseconds for each connection. */
  readonly timeout?: number;
  readonly clock?: () => Date;
  readonly onProgress?: (progress: ProbeProgress) => void;
  readonly signal?: AbortSignal;
}

const caseNames: readonly ProbeCaseName[] = [
  'no-certificate',
  'right-certificate',
  'wrong-ca',
  'expired',
  'not-yet-valid',
  'server-auth-only',
];
const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/**
 * Runs every case on a connection of its own, one after the other, so that nothing is resumed or shared.
 * Nothing is changed anywhere. The server's certificate is judged, not required: see `server` in the result.
 * @throws Problem PROBE_UNREACHABLE when nothing answers, PROBE_NOT_TLS when something else than TLS does,
 *   VALUE_INVALID for a name or path that cannot be asked for
 * @throws the reason of `signal` when it aborts
 */
export async function probe(options: ProbeOptions): Promise<ProbeResult> {
  const {
    target,
    identities,
    roots,
    requests = 20,
    timeout = 10_000,
    clock = () => new Date(),
    signal,
  } = options;
  const path = requirePath(options.path ?? '/');
  const right =
    usable(identities['right-certificate']) === null ? identities['right-certificate'] : undefined;
  const counted = right ? requests : 0;
  const total = 1 + caseNames.length + versions.length + counted;
  let done = 0;
  const progress = (step: ProbeProgress['step'], detail: string): void =>
    options.onProgress?.({ done: ++done, total, step, detail });
  const base = { target, roots, timeout, signal };
  const startedAt = clock().toISOString();

  const { authorities, sent } = await readAdvertised(base);
  progress('authorities', authorities.visible ? `${authorities.names.length}` : authorities.reason);

  let peer: PeerIdentity | null = null;
  const cases: ProbeCase[] = [];
  for (const name of caseNames) {
    const identity = name === 'no-certificate' ? undefined : identities[name];
    const notTested =
      name === 'no-certificate'
        ? null
        : identity
          ? usable(identity)
          : (options.absent?.[name] ?? 'no identity given');
    const seen = notTested === null ? await exchange({ ...base, identity, path }) : undefined;
    peer ??= seen?.peer ?? null;
    cases.push(judge(name, seen, notTested, () => explain(identity, authorities, options, clock())));
    progress('case', name);
  }

  const probedVersions: ProbedVersion[] = [];
  for (const version of versions) {
    probedVersions.push(await tryVersion(version, { ...base, identity: right, path }));
    progress('version', version);
  }

  const answers: Exchange['backend'][] = [];
  for (let i = 0; i < counted; i++) {
    const answer = await askBackend({ ...base, identity: right, path });
    answers.push(answer);
    progress('request', answer?.name ?? 'no page');
  }
  const balance: ProbeBalance | null = counted > 0 ? balanceOf(answers) : null;

  const tested = cases.filter(({ verdict }) => verdict !== 'not-tested');
  return {
    target,
    startedAt,
    finishedAt: clock().toISOString(),
    server: peer && describeServer(peer, sent, target, roots),
    versions: probedVersions,
    authorities,
    cases,
    balance,
    ok:
      tested.every(({ verdict }) => verdict === 'as-expected') &&
      tested.some((tried) => tried.case === 'right-certificate'),
  };
}

/** Null when the TLS library takes key and certificate, else its code. Never its text, which is not ours to vouch for. */
function usable(identity: ProbeIdentity | undefined): string | null {
  if (!identity) return 'no identity given';
  try {
    openContext({ identity });
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'key and certificate cannot be used';
  }
}

function judge(
  name: ProbeCaseName,
  seen: Exchange | undefined,
  notTested: string | null,
  explanation: () => ProbeCase['explanation'],
): ProbeCase {
  const expected = name === 'right-certificate' ? 'let-in' : 'refused';
  if (!seen || seen.observation.kind === 'connected')
    return {
      case: name,
      expected,
      outcome: null,
      verdict: 'not-tested',
      observation: null,
      notTested,
      explanation: [],
    };
  const { observation } = seen;
  const outcome = outcomeOf(observation);
  const verdict =
    outcome === 'unclear' ? 'unclear' : outcome === expected ? 'as-expected' : 'not-as-expected';
  return {
    case: name,
    expected,
    outcome,
    verdict,
    observation,
    notTested: null,
    explanation: outcome === 'refused' ? explanation() : [],
  };
}

/**
 * nginx and CLB finish the handshake and refuse with a 400 page; others use 403, 495 or 496, or TLS alerts, or hang up.
 * Any other page, even a 502 for want of a healthy backend, means that the certificate was accepted.
 */
function outcomeOf(observation: ProbeObservation): 'let-in' | 'refused' | 'unclear' {
  switch (observation.kind) {
    case 'page':
      return [400, 403, 495, 496].includes(observation.status) ? 'refused' : 'let-in';
    case 'alert':
    case 'closed':
      return 'refused';
    case 'timeout':
      return 'unclear';
  }
}

function explain(
  identity: ProbeIdentity | undefined,
  authorities: AdvertisedAuthorities,
  { caCertificate }: ProbeOptions,
  now: Date,
): ProbeCase['explanation'] {
  const [leaf, ...intermediates] = identity?.certificates ?? [];
  if (!leaf) return [];
  const advertisedNames =
    authorities.visible && authorities.requested
      ? authorities.names.map(({ der }) => Buffer.from(der, 'base64'))
      : undefined;
  return [
    ...explainRefusal(leaf, {
      now,
      advertisedNames,
      intermediates,
      ...(caCertificate ? { caCertificate } : {}),
    }),
  ];
}

/** One request of many: that it brought no page, or no connection, is counted and does not end the probe. */
async function askBackend(options: ExchangeOptions): Promise<Exchange['backend']> {
  try {
    const { observation, backend } = await exchange(options);
    return observation.kind === 'page' && outcomeOf(observation) === 'let-in' ? backend : null;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** A version is accepted when the handshake succeeds; the certificate is shown so that a strict server gets that far. */
async function tryVersion(
  version: (typeof versions)[number] & SecureVersion,
  options: ExchangeOptions,
): Promise<ProbedVersion> {
  const { observation } = await exchange({ ...options, minVersion: version, maxVersion: version });
  if (observation.tlsVersion === version)
    return { version, accepted: true, cipher: observation.cipher, reason: null };
  if (observation.kind === 'alert')
    return { version, accepted: false, cipher: null, reason: observation.alert };
  const reason = observation.kind === 'closed' ? observation.reason : observation.kind;
  // Codes of our own library, raised before the server was asked.
  const ours = /NO_PROTOCOLS_AVAILABLE|NO_CIPHERS_AVAILABLE|UNSUPPORTED_PROTOCOL_VERSION|timeout/.test(
    reason,
  );
  return { version, accepted: ours ? null : false, cipher: null, reason };
}

function describeServer(
  peer: PeerIdentity,
  sent: readonly Uint8Array[],
  target: ProbeTarget,
  roots: readonly string[] | undefined,
): ProbedServer {
  return {
    // The TLS library completes the chain from its own roots; what was sent is better evidence where it shows.
    chain: (sent.length > 0 ? sent : peer.chain).flatMap(describeCertificate),
    verified: peer.verified,
    verifyError: peer.verifyError,
    roots: roots ? 'given' : 'system',
    coversName: peer.coversName,
    name: serverNameOf(target),
  };
}

function describeCertificate(der: Uint8Array): ProbedServer['chain'] {
  try {
    const { subject, issuer, notBefore, notAfter } = parseCertificate(der);
    const thumbprints = {
      thumbprint: fingerprint256(der),
      thumbprintSha1: fingerprint1(der).replaceAll(':', ''),
    };
    return [
      {
        ...thumbprints,
        subject: nameText(subject),
        issuer: nameText(issuer),
        notBefore: notBefore.toISOString(),
        notAfter: notAfter.toISOString(),
      },
    ];
  } catch {
    // The TLS library took it, our stricter reader does not; whether the chain verifies is said beside it.
    return [];
  }
}
