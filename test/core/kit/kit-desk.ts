/** A Warifu of its own for one test file, with an open vault and a CA, and what makes and opens lists and kits. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KitEvent, KitRequest, KitResult } from '../../../contract/kit.ts';
import { type Core, createCore } from '../../../core/create-core.ts';
import { cheapest } from '../desk.ts';

export class KitDesk {
  readonly directory = mkdtempSync(join(tmpdir(), '割符 kit-'));
  readonly core: Core;

  private constructor() {
    this.core = createCore({ home: join(this.directory, 'home'), keychain: null, scryptCost: cheapest });
  }

  static async open(): Promise<KitDesk> {
    const desk = new KitDesk();
    await desk.client.vault.initialize({ passphrase: 'canary passphrase 割符' });
    await desk.client.authority.create({ name: 'CA', subject: 'CN=Kit CA, O=割符', keyAlgorithm: 'ec-p256' });
    return desk;
  }

  get client() {
    return this.core.client;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** For a list; keys on a curve, since nothing here depends on their kind. */
  listRequest(text: string, more: Partial<KitRequest> = {}): KitRequest {
    return {
      people: { authority: 'CA', list: Buffer.from(text).toString('base64') },
      defaults: { keyAlgorithm: 'ec-p256' },
      folder: this.path('out'),
      ...more,
    };
  }

  async make(
    request: KitRequest,
    watch: (event: KitEvent) => void = () => {},
    signal?: AbortSignal,
  ): Promise<KitResult> {
    const events = await this.client.kit.make(request, signal ? { signal } : {});
    for (;;) {
      const { done, value } = await events.next();
      if (done) return value;
      watch(value);
    }
  }

  async issued(): Promise<number> {
    return (await this.client.certificate.list({ profile: 'client' })).total;
  }

  /** By `unzip`, which is not ours; the folder in it. */
  unzip(zip: string, into: string): string {
    const { status, stdout, stderr } = spawnSync('unzip', ['-q', zip, '-d', into], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    if (status !== 0) throw new Error(`unzip: ${status} ${stdout}${stderr}`);
    return join(into, readdirSync(into)[0]!);
  }

  password(folder: string, file: string): string {
    const text = readFileSync(join(folder, file), 'utf8');
    return /[2-9a-z]{4}(-[2-9a-z]{4}){5}/.exec(text)![0];
  }

  /** PKCS#10 of a key that stays with openssl. */
  certificateRequest(subject: string): Buffer {
    const options = ['-newkey', 'rsa:2048', '-nodes', '-keyout', this.path('foreign.key'), '-utf8'];
    const run = spawnSync('openssl', ['req', '-new', ...options, '-subj', `/${subject}`], {
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    if (run.status !== 0) throw new Error(`openssl req: ${run.stderr}`);
    return run.stdout;
  }

  async close(): Promise<void> {
    await this.core.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** As another program encodes it: glibc's iconv. */
export function iconv(text: string, encoding: string): Buffer {
  const { status, stdout, stderr } = spawnSync('iconv', ['-f', 'UTF-8', '-t', encoding], { input: text });
  if (status !== 0) throw new Error(`iconv: ${stderr}`);
  return stdout;
}
