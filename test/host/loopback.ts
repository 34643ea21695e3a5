/** A host of its own, on a core of its own, and requests as no browser would make them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Core, createCore } from '../../core/create-core.ts';
import { type Host, startHost } from '../../host/host.ts';
import { hostLog } from '../../host/host-log.ts';
import { readWindowFiles } from '../../host/window-files.ts';
import { cheapest } from '../core/desk.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Loopback extends AsyncDisposable {
  readonly host: Host;
  readonly core: Core;
  readonly home: string;
  ask(
    path: string,
    options?: { readonly method?: string; readonly headers?: OutgoingHttpHeaders; readonly body?: string },
  ): Promise<Answer>;
  /** The headers of a browser that was let in. */
  letIn(): Promise<OutgoingHttpHeaders>;
  /** The lines of host.log. */
  log(): string;
}

export async function openLoopback(): Promise<Loopback> {
  const home = mkdtempSync(join(tmpdir(), 'warifu host-'));
  const built = mkdtempSync(join(tmpdir(), 'warifu window-'));
  writeFileSync(
    join(built, 'index.html'),
    '<!doctype html><meta property="csp-nonce" nonce="__WARIFU_NONCE__"><script nonce="__WARIFU_NONCE__"></script>',
  );
  writeFileSync(join(built, 'app.js'), 'true;');
  writeFileSync(join(built, 'notes.key'), 'not for the web');
  const core = createCore({ home, keychain: null, scryptCost: cheapest });
  const host = await startHost({ core, files: readWindowFiles(built)!, log: hostLog(home) });
  const ask: Loopback['ask'] = (path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(host.origin);
      const sent = request({ hostname, port, path, method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return {
    host,
    core,
    home,
    ask,
    async letIn() {
      const token = tokenOf(host.newAddress());
      const answer = await ask('/session', {
        method: 'POST',
        headers: { origin: host.origin, 'content-type': 'application/json' },
        body: token,
      });
      const { key } = JSON.parse(answer.text) as { key: string };
      return {
        origin: host.origin,
        'content-type': 'application/json',
        cookie: answer.headers['set-cookie']![0]!.split(';')[0]!,
        'x-warifu-key': key,
      };
    },
    log: () => readFileSync(join(home, 'host.log'), 'utf8'),
    async [Symbol.asyncDispose]() {
      await host.close();
      await core.close();
      rmSync(home, { recursive: true, force: true });
      rmSync(built, { recursive: true, force: true });
    },
  };
}

export const tokenOf = (address: string): string => new URL(address).hash.replace('#token=', '');
