import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SimulatorError } from '../simulator-error.ts';
import { type CloudState, emptyState } from './model.ts';

/** The AccessKey that a simulator answers to. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

interface StateFile {
  readonly simulator: 'warifu-slb';
  readonly accessKeyId: string;
  /** Only when the simulator made the AccessKey itself: nobody else could bring it back. */
  readonly accessKeySecret?: string;
  readonly salt: string;
  readonly state: CloudState;
}

/**
 * Keeps the state of a simulator, in a file when it has a path, else only in memory.
 * Private keys of server certificates stand in the file sealed under the AccessKey secret.
 */
export class Store {
  readonly state: CloudState;
  readonly accessKey: AccessKey;
  readonly #path: string | undefined;
  readonly #salt: Uint8Array;
  readonly #ownAccessKey: boolean;
  #writing: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;

  private constructor(
    state: CloudState,
    accessKey: AccessKey,
    path: string | undefined,
    salt: Uint8Array,
    ownAccessKey: boolean,
  ) {
    this.state = state;
    this.accessKey = accessKey;
    this.#path = path;
    this.#salt = salt;
    this.#ownAccessKey = ownAccessKey;
  }

  /**
   * Opens the state file, or begins an empty state when there is none.
   * @throws SimulatorError `STATE_DAMAGED`, `STATE_OTHER_ACCESS_KEY`
   */
  static async open(path: string | undefined, wanted: Partial<AccessKey>): Promise<Store> {
    const file = path === undefined ? undefined : await readStateFile(path);
    if (file === undefined) {
      const accessKey = { id: wanted.id ?? inventAccessKeyId(), secret: wanted.secret ?? inventSecret() };
      return new Store(emptyState(), accessKey, path, randomBytes(16), wanted.secret === undefined);
    }
    const secret = wanted.secret ?? file.accessKeySecret;
    const id = wanted.id ?? file.accessKeyId;
    if (secret === undefined) {
      throw new SimulatorError(
        'STATE_OTHER_ACCESS_KEY',
        'The state file needs the AccessKey it was made with.',
      );
    }
    const salt = Buffer.from(file.salt, 'base64');
    const state = unsealState(file.state, sealingKey(secret, salt));
    return new Store(state, { id, secret }, path, salt, secret === file.accessKeySecret);
  }

  /**
   * Writes the state: a temporary file beside it, synced, then renamed over it.
   * Calls that come while a write is running share the next one.
   */
  save(): Promise<void> {
    if (this.#path === undefined) return Promise.resolve();
    const path = this.#path;
    const before = this.#writing.catch(() => undefined);
    this.#waiting ??= before.then(() => {
      this.#waiting = undefined;
      this.#writing = this.#write(path);
      return this.#writing;
    });
    return this.#waiting;
  }

  async #write(path: string): Promise<void> {
    const file: StateFile = {
      simulator: 'warifu-slb',
      accessKeyId: this.accessKey.id,
      ...(this.#ownAccessKey ? { accessKeySecret: this.accessKey.secret } : {}),
      salt: Buffer.from(this.#salt).toString('base64'),
      state: sealState(this.state, sealingKey(this.accessKey.secret, this.#salt)),
    };
    const text = `${JSON.stringify(file, null, 1)}\n`;
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.new`);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      const handle = await open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

async function readStateFile(path: string): Promise<StateFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const file = JSON.parse(text) as StateFile;
    if (file.simulator === 'warifu-slb' && file.state.version === 1) return file;
  } catch {
    // falls through: not a state file
  }
  throw new SimulatorError('STATE_DAMAGED', `The state file cannot be read: ${path}`);
}

function sealingKey(secret: string, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, 'warifu simulator private keys', 32));
}

function sealState(state: CloudState, key: Uint8Array): CloudState {
  const serverCertificates = state.serverCertificates.map((certificate) => ({
    ...certificate,
    privateKey: seal(certificate.privateKey, certificate.id, key),
  }));
  return { ...state, serverCertificates };
}

function unsealState(state: CloudState, key: Uint8Array): CloudState {
  const serverCertificates = state.serverCertificates.map((certificate) => ({
    ...certificate,
    privateKey: unseal(certificate.privateKey, certificate.id, key),
  }));
  return { ...state, serverCertificates };
}

function seal(plaintext: string, id: string, key: Uint8Array): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id));
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

function unseal(sealed: string, id: string, key: Uint8Array): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(id));
  try {
    decipher.setAuthTag(bytes.subarray(12, 28));
    return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw new SimulatorError('STATE_OTHER_ACCESS_KEY', 'The state file was made under another AccessKey.', {
      cause,
    });
  }
}

/** Looks like an AccessKey id, and says at a glance that it is none of the real cloud's. */
function inventAccessKeyId(): string {
  return `PRACTICE${randomBytes(8).toString('hex')}`;
}

function inventSecret(): string {
  return randomBytes(24).toString('base64url').slice(0, 30);
}
