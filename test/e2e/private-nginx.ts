/** nginx as a judge: client certificates verified by somebody else's code, on a port and in a directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tool } from './warifu.ts';

export class PrivateNginx implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #port: number;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.#port = port;
  }

  static async start(
    directory: string,
    { ca, crl }: { readonly ca: string; readonly crl: string },
  ): Promise<PrivateNginx> {
    mkdirSync(directory);
    const path = (name: string): string => join(directory, name);
    tool(
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=nginx',
      '-days',
      '1',
      '-keyout',
      path('key'),
      '-out',
      path('crt'),
    );
    const port = await freePort();
    writeFileSync(
      path('conf'),
      `daemon off; user root; pid "${path('pid')}"; error_log "${path('error')}"; events {}
      http { access_log off; client_body_temp_path "${path('t1')}"; proxy_temp_path "${path('t2')}"; fastcgi_temp_path "${path('t3')}"; uwsgi_temp_path "${path('t4')}"; scgi_temp_path "${path('t5')}";
      server { listen 127.0.0.1:${port} ssl; ssl_certificate "${path('crt')}"; ssl_certificate_key "${path('key')}";
      ssl_client_certificate "${ca}"; ssl_crl "${crl}"; ssl_verify_client on; location / { return 200 "admitted"; } } }`,
    );
    const nginx = new PrivateNginx(
      spawn('nginx', ['-p', directory, '-c', path('conf')], { stdio: 'ignore' }),
      port,
    );
    for (let tries = 0; tries < 100; tries++) {
      if (
        await nginx.get().then(
          () => true,
          () => false,
        )
      )
        return nginx;
      await sleep(50);
    }
    throw new Error(`nginx does not answer: ${readFileSync(path('error'), 'utf8')}`);
  }

  /** Status and body of a GET, with a client certificate when one is given. */
  get(certificate?: string, key?: string): Promise<string> {
    const identity = certificate && key ? { cert: readFileSync(certificate), key: readFileSync(key) } : {};
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.#port, rejectUnauthorized: false, agent: false, ...identity },
        (response) => {
          let body = '';
          response
            .setEncoding('utf8')
            .on('data', (chunk) => (body += chunk))
            .on('end', () => resolve(`${response.statusCode} ${body}`));
        },
      );
      sent.on('error', reject).end();
    });
  }

  /** nginx reads certificates and CRLs at start and on SIGHUP only. */
  async reload(): Promise<void> {
    this.#process.kill('SIGHUP');
    await sleep(1000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
