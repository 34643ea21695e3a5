/** Which hosts a certificate stands for (RFC 9525): subjectAltName only, never the common name. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { Problem } from '../../contract/problem.ts';
import type { Certificate } from '../x509/certificate.ts';
import { type GeneralName, readSubjectAltName } from '../x509/extensions.ts';

/** A host in the one form that can be compared: A-labels in lower case, addresses in canonical text. */
export interface Host {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

/**
 * A host as people write it: `例え.jp`, `WWW.Example.COM.`, `*.example.com`, `192.0.2.1`, `[2001:db8::1]`. No port, no scheme.
 * @throws Problem VALUE_INVALID
 */
export function parseHost(text: string): Host {
  const trimmed = text.trim();
  const bare = /^\[(.*)\]$/.exec(trimmed)?.[1] ?? trimmed;
  if (isIP(bare) === 4) return { type: 'ip', value: bare };
  if (isIP(bare) === 6 && !bare.includes('%'))
    return { type: 'ip', value: new URL(`http://[${bare}]/`).hostname.slice(1, -1) };
  const wildcard = trimmed.startsWith('*.') ? '*.' : '';
  const ascii = domainToASCII(trimmed.slice(wildcard.length).replace(/\.$/, ''));
  const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
  // The URL rules read 0x7f.1 and 2130706433 as IPv4 addresses; a person who means one writes four numbers.
  if (ascii.length > 253 || isIP(ascii) !== 0 || !new RegExp(`^${label}(\\.${label})*$`).test(ascii))
    throw new Problem('VALUE_INVALID', { what: 'host', value: text });
  return { type: 'dns', value: wildcard + ascii };
}

/** The DNS names and addresses of subjectAltName, in its order. @throws X509Error DER_MALFORMED */
export function hostsOf({ extensions }: Pick<Certificate, 'extensions'>): readonly Host[] {
  const names = readSubjectAltName(extensions) ?? [];
  return names.flatMap(({ type, value }: GeneralName): Host[] =>
    type === 'ip'
      ? [{ type, value }]
      : type === 'dns'
        ? [{ type, value: value.toLowerCase().replace(/\.$/, '') }]
        : [],
  );
}

/**
 * RFC 9525 §6.3: a wildcard is the whole left-most label and stands for exactly one label; addresses match octet for
 * octet. As browsers do, `*.com` covers nothing. A host that is itself a wildcard is covered by the same wildcard only.
 */
export function covers(name: Host, host: Host): boolean {
  if (name.type !== host.type) return false;
  if (name.value === host.value) return true;
  if (name.type === 'ip' || !name.value.startsWith('*.') || host.value.startsWith('*.')) return false;
  const parent = host.value.slice(host.value.indexOf('.') + 1);
  return host.value.includes('.') && parent.includes('.') && name.value.slice(2) === parent;
}
