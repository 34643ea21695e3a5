/** One run of the command line: its options, its language, its core, and how it speaks. */
import { ORPCError } from '@orpc/contract';
import type { WarifuClient } from '../contract/contract.ts';
import { Problem, type ProblemData } from '../contract/problem.ts';
import type { Language } from '../contract/problems/define.ts';
import { type Core, createCore, defaultHome } from '../core/create-core.ts';
import { openSimulator } from './practice.ts';
import { askSecret, Interrupted, readSecretFile } from './secrets.ts';
import { type CliText, textFor } from './text/text.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly home?: string;
  readonly lang: Language;
  readonly json: boolean;
  readonly passphraseFile?: string;
}

export class Session {
  readonly options: GlobalOptions;
  readonly text: CliText;
  readonly home: string;
  #core: Core | undefined;
  #passphrase: string | undefined;

  constructor(options: GlobalOptions) {
    this.options = options;
    this.text = textFor(options.lang);
    this.home = options.home ?? defaultHome();
  }

  /** Opened at first use, so that help and usage errors touch no file. */
  get core(): Core {
    this.#core ??= createCore({ home: this.home, startPractice: openSimulator });
    return this.#core;
  }

  get client(): WarifuClient {
    return this.core.client;
  }

  /** The client with the vault open: by the keychain when it has a slot there, else by passphrase. */
  async unlocked(): Promise<WarifuClient> {
    const status = await this.client.vault.status();
    // Before anybody is asked for the passphrase of a vault that is not there.
    if (status.state === 'absent') throw new Problem('VAULT_ABSENT', { path: this.home });
    if (
      status.state !== 'unlocked' &&
      !(await this.#unlockByKeychain(status.slots.some(({ kind }) => kind === 'keychain')))
    )
      await this.client.vault.unlock({
        slot: 'passphrase',
        passphrase: await this.passphrase(this.text.prompts.passphrase),
      });
    await this.#remind();
    return this.client;
  }

  /**
   * Work that ends in a CA's signature. A CA that asks every time gets the passphrase once more, then the work is done
   * again from its start: it had stopped before anything was made.
   */
  async signing<T>(work: (client: WarifuClient) => Promise<T>): Promise<T> {
    const client = await this.unlocked();
    try {
      return await work(client);
    } catch (error) {
      if (!(error instanceof ORPCError) || error.code !== 'SIGNATURE_NOT_APPROVED') throw error;
      const { authority, signatures } = error.data as ProblemData<'SIGNATURE_NOT_APPROVED'>;
      const passphrase = await this.passphrase(this.text.prompts.approve(authority, signatures));
      const credential = { slot: 'passphrase', passphrase } as const;
      await client.authority.approveSigning({ authority, signatures, credential });
      return await work(client);
    }
  }

  /** A keychain that does not answer is no obstacle while the passphrase opens the vault; it is said, not hidden. */
  async #unlockByKeychain(hasSlot: boolean): Promise<boolean> {
    if (!hasSlot || this.options.passphraseFile !== undefined) return false;
    try {
      await this.client.vault.unlock({ slot: 'keychain' });
      return true;
    } catch (error) {
      this.progress(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /** Never part of a result: a script has its own calendar. */
  async #remind(): Promise<void> {
    if (this.options.json) return;
    const { due, lastAt } = await this.client.backup.status();
    if (due) this.progress(this.text.results.backupDue(lastAt));
  }

  get hasPassphraseFile(): boolean {
    return (this.options.passphraseFile ?? process.env['WARIFU_PASSPHRASE_FILE']) !== undefined;
  }

  /** From --passphrase-file, WARIFU_PASSPHRASE_FILE or the terminal. */
  async passphrase(prompt: string): Promise<string> {
    const file = this.options.passphraseFile ?? process.env['WARIFU_PASSPHRASE_FILE'];
    if (file === undefined) return askSecret(prompt, '--passphrase-file');
    // Standard input can be read once only, and a CA that asks wants it again.
    this.#passphrase ??= readSecretFile(file);
    return this.#passphrase;
  }

  /** The result: JSON as it is, or the lines that `human` makes of it. */
  result<T>(value: T, human: (value: T) => string): void {
    process.stdout.write(this.options.json ? `${JSON.stringify(value)}\n` : `${human(value)}\n`);
  }

  /** For people who watch; never part of the result. */
  progress(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** Follows long work to its end, telling each event; Ctrl-C asks it to stop at its next safe point. */
  async follow<E, R>(
    start: (signal: AbortSignal) => Promise<AsyncIterator<E, R>>,
    tell: (event: E) => string | undefined,
  ): Promise<R> {
    const controller = new AbortController();
    const interrupt = (): void => controller.abort(new Interrupted());
    process.once('SIGINT', interrupt);
    try {
      const events = await start(controller.signal);
      for (;;) {
        const { done, value } = await events.next();
        if (done) return value;
        const line = tell(value);
        if (line !== undefined) this.progress(line);
      }
    } catch (error) {
      throw controller.signal.aborted ? new Interrupted() : error;
    } finally {
      process.off('SIGINT', interrupt);
    }
  }

  async close(): Promise<void> {
    await this.#core?.close();
    this.#core = undefined;
  }
}
