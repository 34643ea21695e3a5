/** A private nginx that asks for client certificates: the server CLB resembles most. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export const nginxPath = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((path) => existsSync(path));

export interface NginxFiles {
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
  /** `ssl_protocols`. */
  readonly protocols?: string;
  /** Names of the backends that are dealt requests in turn. */
  readonly backends?: readonly string[];
}

export class Nginx {
  readonly port: number;
  readonly #directory: string;
  readonly #process: ChildProcess;

  private constructor(port: number, directory: string, child: ChildProcess) {
    this.port = port;
    this.#directory = directory;
    this.#process = child;
  }

  static async start({
    certificate,
    key,
    ca,
    protocols = 'TLSv1 TLSv1.1 TLSv1.2 TLSv1.3',
    backends = ['ecs01', 'ecs02'],
  }: NginxFiles): Promise<Nginx> {
    const directory = mkdtempSync(join(tmpdir(), 'warifu-nginx-'));
    const port = await freePort();
    const servers = backends.map(
      (name, i) =>
        `server { listen unix:${directory}/b${i}.sock; location / { default_type text/html; return 200 "<title>${name}</title>"; } }`,
    );
    writeFileSync(
      join(directory, 'nginx.conf'),
      `daemon off; worker_processes 1; pid ${directory}/pid; error_log ${directory}/error.log; ${process.getuid?.() === 0 ? 'user root;' : ''}
       events {} http { access_log off; ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${directory}/${kind};`).join(' ')}
       upstream app { ${backends.map((_, i) => `server unix:${directory}/b${i}.sock;`).join(' ')} }
       ${servers.join('\n')}
       server { listen 127.0.0.1:${port} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key}; ssl_protocols ${protocols};
         ssl_ciphers DEFAULT@SECLEVEL=0; ssl_verify_client on; ssl_client_certificate ${ca}; location / { proxy_pass http://app; } } }`,
    );
    const child = spawn(
      nginxPath!,
      ['-p', directory, '-e', join(directory, 'error.log'), '-c', join(directory, 'nginx.conf')],
      { stdio: 'ignore' },
    );
    const nginx = new Nginx(port, directory, child);
    for (let i = 0; i < 100; i++) {
      if (await answers(port)) return nginx;
      await wait(50);
    }
    const log = readFileSync(join(directory, 'error.log'), 'utf8');
    await nginx.stop();
    throw new Error(`nginx did not start: ${log}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGQUIT');
      await Promise.race([ended, wait(2000)]);
      this.#process.kill('SIGTERM');
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
