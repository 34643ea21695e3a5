/** Where to probe, from what people type. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { ProbeTarget } from '../../contract/probe.ts';
import { Problem } from '../../contract/problem.ts';

/**
 * `https://host:port/path`, `host:port` or `host`; 443 and `/` by default.
 * @throws Problem VALUE_INVALID
 */
export function parseTarget(text: string): { readonly target: ProbeTarget; readonly path: string } {
  const invalid = (): Problem => new Problem('VALUE_INVALID', { what: 'URL', value: text.slice(0, 200) });
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(withScheme)) throw invalid();
  const { protocol, hostname, port, username, password, pathname, search } = new URL(withScheme);
  // A password in a URL would end up in reports; nobody needs one here.
  if (protocol !== 'https:' || hostname === '' || username !== '' || password !== '') throw invalid();
  return {
    target: { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) },
    path: pathname + search,
  };
}

/**
 * The name that SNI, the Host header and the certificate are about, in ASCII.
 * @throws Problem VALUE_INVALID when it is neither a host name nor an address.
 */
export function serverNameOf({ host, serverName = host }: ProbeTarget): string {
  const ascii = isIP(serverName) ? serverName : domainToASCII(serverName);
  // domainToASCII drops line ends; what is shown and what is resolved must be the same name.
  if (ascii === '' || /[\s\p{Cc}]/u.test(serverName + host))
    throw new Problem('VALUE_INVALID', { what: 'host name', value: serverName.slice(0, 200) });
  return ascii;
}

/** @throws Problem VALUE_INVALID for a path that cannot stand in a request line. */
export function requirePath(path: string): string {
  if (!/^\/[\x21-\x7e]*$/.test(path))
    throw new Problem('VALUE_INVALID', { what: 'path', value: path.slice(0, 200) });
  return path;
}
