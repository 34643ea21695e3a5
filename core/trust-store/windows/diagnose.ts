/** "Why does my browser not offer the certificate?", answered by what Windows shows. Changes nothing. */
import type { DiagnosisFinding, StoreSummary } from '../../../contract/trust-store.ts';
import { fingerprint256 } from '../../x509/certificate.ts';
import { orderChain } from '../../x509/chain.ts';
import { nameText } from '../../x509/name.ts';
import { askBrowser, askCertificate } from '../questions.ts';
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
  return [
    { check: 'store-present', ok: true, detail: summary.path },
    { check: 'store-used-by-browser', ok: summary.used, detail: summary.path },
    {
      check: 'certificate-present',
      ok: identities.length > 0,
      detail: identities.map(({ nickname }) => nickname).join(', '),
    },
    ...identities.flatMap((entry) => diagnoseIdentity(system, entry, entries, options)),
    askBrowser(browserIsRunning(system)),
  ];
}

function diagnoseIdentity(
  system: WindowsSystem,
  { id, certificate, nickname, keyPlace }: WindowsEntry,
  entries: readonly WindowsEntry[],
  options: DiagnoseOptions,
): readonly DiagnosisFinding[] {
  const { chain } = orderChain(
    certificate,
    entries.map((other) => other.certificate),
  );
  const topId = fingerprint256(chain.at(-1)!.der);
  const top = entries.find((other) => other.id === topId);
  const key = withIdentity(system, id, (context) => ({
    usable: proveKey(system, context, certificate),
    modern: signsForTls13(system, context, certificate),
  }));
  return [
    { check: 'key-usable', ok: key?.usable ?? false, detail: nickname },
    { check: 'key-provider', ok: key?.modern ?? null, detail: keyPlace?.provider ?? '' },
    ...askCertificate(certificate, chain, options),
    {
      check: 'authority-trusted',
      ok: top?.stores.includes('Root') === true,
      detail: nameText((top?.certificate ?? certificate).subject),
    },
  ];
}
