/** The contract over a port of the app's own process: the carrier of a window of its own. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { WarifuClient } from '../../contract/contract.ts';
import { portMessage, type ShellBridge } from '../../contract/shell.ts';

export async function connectOverPort(bridge: ShellBridge): Promise<WarifuClient> {
  const port = await new Promise<MessagePort>((resolve) => {
    addEventListener('message', function take({ source, data, ports: [given] }) {
      if (source !== window || data !== portMessage || !given) return;
      removeEventListener('message', take);
      resolve(given);
    });
    bridge.connect();
  });
  const link = new RPCLink({ port });
  port.start();
  return createORPCClient(link);
}
