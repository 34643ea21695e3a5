/** "Why does my browser not offer the certificate?", answered by what the database shows. Changes nothing. */
import { Problem } from '../../../contract/problem.ts';
import type { DiagnosisFinding, StoreSummary } from '../../../contract/trust-store.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { orderChain } from '../../x509/chain.ts';
import { readExtKeyUsage } from '../../x509/extensions.ts';
import { nameText } from '../../x509/name.ts';
import { Oid } from '../../x509/oids.ts';
import { type DiagnoseOptions, normalizeThumbprint, type StoreHost } from '../store.ts';
import { browserIsRunning } from './browser.ts';
import { listEntries, type NssDatabase, type NssEntry, proveKey, unlock } from './database.ts';

export async function diagnoseNss(
  database: NssDatabase,
  summary: StoreSummary,
  options: DiagnoseOptions,
  host: StoreHost,
): Promise<readonly DiagnosisFinding[]> {
  const findings: DiagnosisFinding[] = [
    { check: 'store-present', ok: summary.state === 'present', detail: summary.path },
    { check: 'store-used-by-browser', ok: summary.used, detail: summary.path },
  ];
  if (summary.state === 'absent') return findings;
  const unlocked = await isUnlocked(database);
  findings.push({ check: 'store-unlocked', ok: unlocked, detail: summary.path });
  const entries = await listEntries(database);
  const wanted = options.thumbprint === undefined ? undefined : normalizeThumbprint(options.thumbprint);
  const identities = entries.filter((entry) => (wanted === undefined ? entry.hasKey : entry.id === wanted));
  findings.push({
    check: 'certificate-present',
    ok: identities.length > 0,
    detail: identities.map(({ nickname }) => nickname).join(', '),
  });
  for (const entry of identities)
    findings.push(...(await diagnoseIdentity(database, entry, entries, options, unlocked)));
  const running = await browserIsRunning(host);
  // Whether it was started before or after the install cannot be told; a running one is the usual reason.
  findings.push({
    check: 'browser-restarted',
    ok: running ? null : true,
    detail: running ? 'running' : 'not running',
  });
  return findings;
}

async function isUnlocked(database: NssDatabase): Promise<boolean> {
  try {
    await unlock(database);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.code === 'STORE_LOCKED') return false;
    throw error;
  }
}

async function diagnoseIdentity(
  database: NssDatabase,
  entry: NssEntry,
  entries: readonly NssEntry[],
  { now, advertisedNames }: DiagnoseOptions,
  unlocked: boolean,
): Promise<readonly DiagnosisFinding[]> {
  const { certificate } = entry;
  const chain = orderChain(
    certificate,
    entries.map((other) => other.certificate),
  ).chain;
  const purposes = readExtKeyUsage(certificate.extensions);
  const forClients =
    !purposes || purposes.includes(Oid.clientAuth) || purposes.includes(Oid.anyExtendedKeyUsage);
  const top = entries.find((other) => other.certificate.der === chain.at(-1)?.der);
  return [
    {
      check: 'key-usable',
      ok: unlocked ? entry.hasKey && (await proveKey(database, certificate)) : null,
      detail: entry.nickname,
    },
    { check: 'not-before', ok: certificate.notBefore <= now, detail: certificate.notBefore.toISOString() },
    { check: 'not-after', ok: now <= certificate.notAfter, detail: certificate.notAfter.toISOString() },
    { check: 'for-client-authentication', ok: forClients, detail: purposes?.join(', ') ?? 'any' },
    {
      check: 'issuer-advertised',
      ok: issuerIsAdvertised(chain, advertisedNames),
      detail: nameText(certificate.issuer),
    },
    {
      check: 'authority-trusted',
      ok: top?.trust.server === true,
      detail: nameText((top?.certificate ?? certificate).subject),
    },
  ];
}

/** A browser offers a certificate when any issuer of its chain is named, or when the server names none. */
function issuerIsAdvertised(
  chain: readonly Certificate[],
  advertised: readonly Uint8Array[] | undefined,
): boolean | null {
  if (advertised === undefined) return null;
  return (
    advertised.length === 0 ||
    chain.some(({ issuer }) => advertised.some((name) => Buffer.compare(name, issuer.der) === 0))
  );
}
