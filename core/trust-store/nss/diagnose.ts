/** "Why does my browser not offer the certificate?", answered by what the database shows. Changes nothing. */
import { Problem } from '../../../contract/problem.ts';
import type { DiagnosisFinding, StoreSummary } from '../../../contract/trust-store.ts';
import { orderChain } from '../../x509/chain.ts';
import { nameText } from '../../x509/name.ts';
import { askBrowser, askCertificate } from '../questions.ts';
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
  findings.push(askBrowser(await browserIsRunning(host)));
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
  options: DiagnoseOptions,
  unlocked: boolean,
): Promise<readonly DiagnosisFinding[]> {
  const { certificate } = entry;
  const chain = orderChain(
    certificate,
    entries.map((other) => other.certificate),
  ).chain;
  const top = entries.find((other) => other.certificate.der === chain.at(-1)?.der);
  return [
    {
      check: 'key-usable',
      ok: unlocked ? entry.hasKey && (await proveKey(database, certificate)) : null,
      detail: entry.nickname,
    },
    ...askCertificate(certificate, chain, options),
    {
      check: 'authority-trusted',
      ok: top?.trust.server === true,
      detail: nameText((top?.certificate ?? certificate).subject),
    },
  ];
}
