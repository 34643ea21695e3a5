/** "Why does my browser not offer the certificate?", answered by what the database shows. Changes nothing. */
import { Problem } from '../../../contract/problem.ts';
import type { DiagnosisFinding, StoreSummary } from '../../../contract/trust-store.ts';
import { fingerprint1, fingerprint256 } from '../../x509/certificate.ts';
import { diagnoseIdentity } from '../diagnosis.ts';
import { type DiagnoseOptions, normalizeThumbprint } from '../store.ts';
import { listEntries, type NssDatabase, proveKey, unlock } from './database.ts';
import type { NssLocation } from './locations.ts';

export async function diagnoseNss(
  database: NssDatabase,
  summary: StoreSummary,
  options: DiagnoseOptions,
  location: NssLocation,
): Promise<readonly DiagnosisFinding[]> {
  const findings: DiagnosisFinding[] = [
    { check: 'store-present', ok: summary.state === 'present', detail: summary.path },
    { check: 'store-used-by-browser', ok: summary.used, detail: summary.readBy.join(', ') },
  ];
  if (summary.state === 'absent') return findings;
  const unlocked = await isUnlocked(database);
  findings.push({ check: 'store-unlocked', ok: unlocked, detail: summary.path });
  const entries = await listEntries(database);
  const wanted = options.thumbprint === undefined ? undefined : normalizeThumbprint(options.thumbprint);
  const identities = entries.filter((entry) =>
    wanted === undefined
      ? entry.hasKey
      : entry.id === wanted || normalizeThumbprint(fingerprint1(entry.certificate.der)) === wanted,
  );
  findings.push({
    check: 'certificate-present',
    ok: identities.length > 0,
    detail: identities.map(({ nickname }) => nickname).join(', '),
  });
  const pool = entries.map(({ certificate }) => certificate);
  const trusted = new Set(entries.filter(({ trust }) => trust.server).map(({ id }) => id));
  for (const { nickname: name, certificate, hasKey } of identities)
    findings.push(
      ...diagnoseIdentity(
        {
          name,
          certificate,
          keyUsable: unlocked ? hasKey && (await proveKey(database, certificate)) : null,
          trusts: ({ der }) => trusted.has(fingerprint256(der)),
        },
        pool,
        options,
      ),
    );
  findings.push(
    ...(await location.policies({
      identities: identities.map(({ nickname: name, certificate }) => ({ name, certificate })),
      ...(options.target ? { target: options.target } : {}),
    })),
  );
  const running = await location.isRunning();
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
