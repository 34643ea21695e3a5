/** What an administrator decided for Chromium and its kin on Linux: JSON files under /etc that every user can read. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DiagnosisFinding } from '../../../contract/trust-store.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { attributeRules, type Name } from '../../x509/name.ts';
import type { PolicyQuestion } from '../diagnosis.ts';
import type { StoreHost } from '../store.ts';

/** `managed` binds; `recommended` only suggests and cannot hold these policies. */
const folders = [
  'chromium/policies/managed',
  'chromium-browser/policies/managed',
  'opt/chrome/policies/managed',
  'opt/edge/policies/managed',
  'brave/policies/managed',
];

interface PolicyFile {
  readonly path: string;
  readonly policies: Readonly<Record<string, unknown>>;
}

/**
 * AutoSelectCertificateForUrls (answers the certificate prompt by itself) and CAPlatformIntegrationEnabled (whether
 * CAs of the user count at all); https://chromeenterprise.google/policies/ . A file that cannot be read, or that is
 * not plain JSON (Chromium is more lenient), is said and not guessed about.
 */
export async function chromiumPolicies(
  { etc = '/etc' }: StoreHost,
  { identities, target }: PolicyQuestion,
): Promise<readonly DiagnosisFinding[]> {
  const { files, unreadable } = await readPolicies(folders.map((folder) => join(etc, folder)));
  const findings: DiagnosisFinding[] = [
    unreadable.length > 0
      ? { check: 'policies-read', ok: null, detail: unreadable.join(', ') }
      : { check: 'policies-read', ok: true, detail: files.map(({ path }) => path).join(', ') || '0' },
  ];
  for (const { path, value } of effective(files, 'CAPlatformIntegrationEnabled'))
    if (value === false) findings.push({ check: 'policy-own-authorities', ok: false, detail: path });
  for (const { path, value } of effective(files, 'AutoSelectCertificateForUrls')) {
    const rules = selectionRules(value).filter(
      ({ pattern }) => target === undefined || coversAddress(pattern, target),
    );
    for (const { pattern, filter } of rules)
      for (const { name, certificate } of identities)
        findings.push({
          check: 'policy-selects',
          ok: fitsFilter(certificate, filter),
          detail: `${path} ${pattern}`,
          certificate: name,
        });
  }
  return findings;
}

async function readPolicies(
  places: readonly string[],
): Promise<{ readonly files: readonly PolicyFile[]; readonly unreadable: readonly string[] }> {
  const read: PolicyFile[] = [];
  const unreadable: string[] = [];
  const refused = (path: string, error: unknown): void => {
    const code = (error as NodeJS.ErrnoException).code ?? 'JSON';
    if (code !== 'ENOENT') unreadable.push(`${path} (${code})`);
  };
  for (const place of places) {
    const entries = await readdir(place, { withFileTypes: true }).catch((error: unknown) => {
      refused(place, error);
      return [];
    });
    const files = entries.filter((entry) => !entry.isDirectory());
    for (const name of files.map((entry) => entry.name).toSorted()) {
      const path = join(place, name);
      try {
        const policies: unknown = JSON.parse(await readFile(path, 'utf8'));
        if (typeof policies !== 'object' || policies === null) throw new SyntaxError('not an object');
        read.push({ path, policies: policies as Record<string, unknown> });
      } catch (error) {
        refused(path, error);
      }
    }
  }
  return { files: read, unreadable };
}

/** In each folder the last file that sets a policy sets all of it; the others say nothing about it. */
function effective(
  files: readonly PolicyFile[],
  policy: string,
): readonly { readonly path: string; readonly value: unknown }[] {
  const last = new Map(
    files
      .filter(({ policies }) => policy in policies)
      .map(({ path, policies }) => [dirname(path), { path, value: policies[policy] }]),
  );
  return [...last.values()];
}

interface SelectionRule {
  readonly pattern: string;
  readonly filter: unknown;
}

/** Each rule is JSON in a string of its own. */
function selectionRules(list: unknown): readonly SelectionRule[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((text) => {
    try {
      const rule: unknown = JSON.parse(String(text));
      if (typeof rule !== 'object' || rule === null || !('pattern' in rule)) return [];
      return [{ pattern: String(rule.pattern), filter: 'filter' in rule ? rule.filter : {} }];
    } catch {
      return [];
    }
  });
}

/** Content settings patterns: `*`, `[*.]example.com`, `https://host:port`; what is left out matches anything. */
export function coversAddress(
  pattern: string,
  { host, port }: { readonly host: string; readonly port: number },
): boolean {
  const parts =
    /^(?:([a-z*]+):\/\/)?(\[\*\.\]|\*\.)?(\[[0-9a-f:.]+\]|[^:/[\]]*)(?::(\d+|\*))?(?:\/.*)?$/i.exec(pattern);
  if (!parts) return false;
  const [, scheme = '*', wildcard, name = '', only = '*'] = parts;
  const wanted = name.replace(/^\[|\]$/g, '').toLowerCase();
  const actual = host.toLowerCase();
  return (
    ['*', 'https'].includes(scheme.toLowerCase()) &&
    ['*', String(port)].includes(only) &&
    (wanted === '*' || wanted === actual || (wildcard !== undefined && actual.endsWith(`.${wanted}`)))
  );
}

/** `{"ISSUER":{"CN":…,"O":…},"SUBJECT":{…}}`: all that is named must be so; an empty filter takes any certificate. */
function fitsFilter({ issuer, subject }: Certificate, filter: unknown): boolean {
  const fits = (name: Name, wanted: unknown): boolean =>
    Object.entries((wanted ?? {}) as Record<string, unknown>).every(([short, value]) => {
      const oid = attributeRules.find((rule) => rule.short === short)?.oid;
      return name.rdns.flat().some(({ type, value: actual }) => type === oid && actual === value);
    });
  const { ISSUER, SUBJECT } = (filter ?? {}) as Record<string, unknown>;
  return fits(issuer, ISSUER) && fits(subject, SUBJECT);
}
