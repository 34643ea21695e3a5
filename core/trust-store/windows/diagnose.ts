/** "Why does my browser not offer the certificate?", answered by what Windows shows. Changes nothing. */
import type { DiagnosisFinding, StoreSummary } from '../../../contract/trust-store.ts';
import { fingerprint256 } from '../../x509/certificate.ts';
import { diagnoseIdentity } from '../diagnosis.ts';
import type { DiagnoseOptions } from '../store.ts';
import { browserIsRunning } from './browser.ts';
import { isCalled, readEntries, type WindowsEntry, withIdentity } from './certificates.ts';
import { proveKey, signsForTls13 } from './key.ts';
import type { WindowsSystem } from './system.ts';

export function diagnoseWindows(
  system: WindowsSystem,
  summary: StoreSummary,
  options: DiagnoseOptions,
): readonly DiagnosisFinding[] {
  const entries = readEntries(system, 'all');
  const { thumbprint } = options;
  const identities = entries.filter(
    (entry) =>
      entry.stores.includes('My') &&
      (thumbprint === undefined ? entry.keyPlace !== undefined : isCalled(entry, thumbprint)),
  );
  const running = browserIsRunning(system);
  return [
    { check: 'store-present', ok: true, detail: summary.path },
    { check: 'store-used-by-browser', ok: summary.used, detail: summary.readBy.join(', ') },
    {
      check: 'certificate-present',
      ok: identities.length > 0,
      detail: identities.map(({ nickname }) => nickname).join(', '),
    },
    ...identities.flatMap((entry) => diagnoseEntry(system, entry, entries, options)),
    // Whether it was started before or after the install cannot be told; a running one is the usual reason.
    { check: 'browser-restarted', ok: running ? null : true, detail: running ? 'running' : 'not running' },
  ];
}

function diagnoseEntry(
  system: WindowsSystem,
  { id, certificate, nickname: name, keyPlace }: WindowsEntry,
  entries: readonly WindowsEntry[],
  options: DiagnoseOptions,
): readonly DiagnosisFinding[] {
  const key = withIdentity(system, id, (context) => ({
    usable: proveKey(system, context, certificate),
    modern: signsForTls13(system, context, certificate),
  }));
  const roots = new Set(entries.filter(({ stores }) => stores.includes('Root')).map((entry) => entry.id));
  const trusts = ({ der }: { readonly der: Uint8Array }): boolean => roots.has(fingerprint256(der));
  const [usable, ...others] = diagnoseIdentity(
    { name, certificate, keyUsable: key?.usable ?? false, trusts },
    entries.map((entry) => entry.certificate),
    options,
  );
  const provider = {
    check: 'key-provider',
    ok: key?.modern ?? null,
    detail: keyPlace?.provider ?? '',
  } as const;
  return [usable!, { ...provider, certificate: name }, ...others];
}
