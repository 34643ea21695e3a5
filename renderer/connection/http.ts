/** The contract over the loopback web. A window of its own has message-port.ts; nothing else knows the difference. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { WarifuClient } from '../../contract/contract.ts';
import { Problem } from '../../contract/problem.ts';

const storedKey = 'warifu-key';

/**
 * Exchanges the one-time token of the address for a session, or goes on with the one there is.
 * @throws Problem NOT_LET_IN, WARIFU_GONE
 */
export async function connectOverHttp(): Promise<WarifuClient> {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (token !== undefined) {
    // Out of the address bar and the history before anything else.
    history.replaceState(null, '', '#/');
    const answer = await post('/session', token);
    if (!answer.ok) throw new Problem('NOT_LET_IN', {});
    const { key } = (await answer.json()) as { readonly key: string };
    localStorage.setItem(storedKey, key);
  }
  const key = localStorage.getItem(storedKey);
  if (key === null) throw new Problem('NOT_LET_IN', {});
  const link = new RPCLink({
    url: new URL('/api', location.href),
    headers: { 'x-warifu-key': key },
    async fetch(request, init) {
      const answer = await fetch(request, init).catch(unreachable);
      if (answer.status === 401) {
        localStorage.removeItem(storedKey);
        throw new Problem('NOT_LET_IN', {});
      }
      return answer;
    },
  });
  return createORPCClient(link);
}

function post(path: string, body: string): Promise<Response> {
  return fetch(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } }).catch(
    unreachable,
  );
}

function unreachable(error: unknown): never {
  if ((error as Error | null)?.name === 'AbortError') throw error;
  throw new Problem('WARIFU_GONE', {});
}
