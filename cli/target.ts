/** What people type as the address of a server. */
import { Problem } from '../contract/problem.ts';

/**
 * An https URL, `https://` left out or not; `connect` is where it really is, as host:port.
 * @throws Problem VALUE_INVALID
 */
export function targetOf(text: string, connect: string | undefined) {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (url?.protocol !== 'https:') throw new Problem('VALUE_INVALID', { what: 'URL', value: text });
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? 443 : Number(url.port);
  if (connect === undefined) return { host, port };
  const match = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(connect);
  if (!match) throw new Problem('VALUE_INVALID', { what: '--connect', value: connect });
  return {
    host,
    serverName: host,
    address: match[1]!,
    port: match[2] === undefined ? port : Number(match[2]),
  };
}
