/** A whole core on a directory of its own, opened by its recovery code so that no test waits for scrypt twice. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WarifuClient } from '../../contract/contract.ts';
import { type Core, createCore } from '../../core/create-core.ts';

export const passphrase = '正しい馬 電池 ホチキス';

/** The least that a vault may ask of whoever guesses: half of what tests wait for otherwise. */
export const cheapest = 2 ** 16;

export class CoreDesk implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'warifu 机-'));
  readonly #cores: Core[] = [];
  readonly #byName = new Map<string, Core>();

  path(name: string): string {
    return join(this.directory, name);
  }

  /** The core of a home; an earlier one of the same home should be closed first. */
  open(name: string, clock: () => Date = () => new Date()): Core {
    const core = createCore({ home: this.path(name), keychain: null, clock, scryptCost: cheapest });
    this.#cores.push(core);
    this.#byName.set(name, core);
    return core;
  }

  /** What the core that was opened last for this home works on. */
  contextOf(name: string): Core['rooms']['context'] {
    return this.#byName.get(name)!.rooms.context;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const core of this.#cores) await core.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Vault and an EC CA called `name`; the recovery code. */
export async function furnish({ vault, authority }: WarifuClient, name: string): Promise<string> {
  const { recoveryCode } = await vault.initialize({ passphrase, keychain: false });
  await authority.create({ name, subject: `CN=${name}`, keyAlgorithm: 'ec-p256' });
  return recoveryCode;
}

export const issue = ({ certificate }: WarifuClient, authority: string, commonName: string) =>
  certificate.issue({ authority, subject: `CN=${commonName}`, keyAlgorithm: 'ec-p256' });

/** For `assert.rejects`: a problem with one of these codes, as the contract reports it. */
export const problem =
  (...codes: readonly string[]) =>
  (error: unknown): boolean => {
    const { code } = error as { code?: string };
    if (code === undefined || !codes.includes(code)) throw error;
    return true;
  };
