/** "Why does my browser not offer the certificate?", answered by what the keychain shows. Changes nothing. */
import type { DiagnosisFinding, StoreSummary } from '../../../contract/trust-store.ts';
import { fingerprint256 } from '../../x509/certificate.ts';
import { commonName, nameText } from '../../x509/name.ts';
import { diagnoseIdentity } from '../diagnosis.ts';
import { firefoxSystemStore } from '../firefox/system-store.ts';
import { type DiagnoseOptions, normalizeThumbprint } from '../store.ts';
import { type Keychain, type KeychainEntry, listEntries, thumbprintOf } from './keychain.ts';
import { means, security } from './security.ts';
import { proveKey } from './signature.ts';

export async function diagnoseKeychain(
  keychain: Keychain,
  summary: StoreSummary,
  options: DiagnoseOptions,
): Promise<readonly DiagnosisFinding[]> {
  const settings = await security(keychain.host, 'show-keychain-info', keychain.path);
  const unlocked = !means(settings, 'noInteraction') && !means(settings, 'wrongPassword');
  const entries = await listEntries(keychain);
  const wanted = options.thumbprint === undefined ? undefined : normalizeThumbprint(options.thumbprint);
  const identities = entries.filter(({ certificate, sha1, hasKey }) =>
    wanted === undefined ? hasKey : sha1 === wanted || fingerprint256(certificate.der) === wanted,
  );
  const findings: DiagnosisFinding[] = [
    { check: 'store-present', ok: true, detail: summary.path },
    { check: 'store-used-by-browser', ok: true, detail: summary.readBy.join(', ') },
    { check: 'store-unlocked', ok: unlocked, detail: summary.path },
    {
      check: 'certificate-present',
      ok: identities.length > 0,
      detail: identities.map(nameOf).join(', '),
    },
  ];
  const pool = entries.map(({ certificate }) => certificate);
  for (const entry of identities) {
    // For one certificate alone: a key that others put in makes macOS ask whether it may be used.
    const signs =
      entry.hasKey && identities.length === 1 ? await proveKey(keychain, entry.certificate) : null;
    const asked = diagnoseIdentity(
      {
        name: nameOf(entry),
        certificate: entry.certificate,
        keyUsable: entry.hasKey && signs,
        trusts: (authority) =>
          entries.some(({ sha1, trusted }) => trusted && sha1 === thumbprintOf(authority)),
      },
      pool,
      options,
    );
    findings.push(...asked);
    if (entry.hasKey)
      findings.push({ check: 'key-access', ok: null, detail: nameOf(entry), certificate: nameOf(entry) });
  }
  findings.push(...(await firefoxSystemStore(keychain.host)));
  findings.push({ check: 'browser-restarted', ok: null, detail: 'unknown' });
  return findings;
}

function nameOf({ certificate }: KeychainEntry): string {
  return commonName(certificate.subject) || nameText(certificate.subject);
}
