import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A demo server: it stands for an ECS instance that runs a web server on every port. */
export interface DemoBackend {
  readonly serverId: string;
  /** The private address the API shows for it. */
  readonly serverIp: string;
  /** Where it really answers on this machine. */
  readonly url: string;
}

/** The demo servers of one simulator. */
export class DemoBackends {
  readonly #servers = new Map<string, { readonly backend: DemoBackend; readonly server: Server }>();

  static async start(count: number): Promise<DemoBackends> {
    const backends = new DemoBackends();
    for (let n = 1; n <= count; n += 1) await backends.#add(n);
    return backends;
  }

  list(): DemoBackend[] {
    return [...this.#servers.values()].map(({ backend }) => backend);
  }

  get(serverId: string): DemoBackend | undefined {
    return this.#servers.get(serverId)?.backend;
  }

  /** Where a running server answers on this machine; `undefined` when it does not exist or was stopped. */
  find(serverId: string): { readonly host: string; readonly port: number } | undefined {
    const server = this.#servers.get(serverId)?.server;
    if (!server?.listening) return undefined;
    const { address, port } = server.address() as AddressInfo;
    return { host: address, port };
  }

  /** Stops one server, as when an instance goes down. Does nothing for one that does not run. */
  async stop(serverId: string): Promise<void> {
    const server = this.#servers.get(serverId)?.server;
    if (!server?.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.keys()].map((serverId) => this.stop(serverId)));
  }

  async #add(n: number): Promise<void> {
    const serverId = `i-demo-${n}`;
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'x-backend': serverId });
      response.end(request.method === 'HEAD' ? undefined : page(serverId, n));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const backend = { serverId, serverIp: `192.168.0.${10 + n}`, url: `http://127.0.0.1:${port}` };
    this.#servers.set(serverId, { backend, server });
  }
}

function page(serverId: string, n: number): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${serverId}</title></head>
<body style="font-family: sans-serif; margin: 4rem; background: hsl(${(n * 137) % 360} 60% 92%)">
<h1>${serverId}</h1>
<p>This page was answered by the demo server <strong>${serverId}</strong>.</p>
</body>
</html>
`;
}
