/** Kits in memory, on their way to a window: one file with all of them, and their passwords in another. */
import { type Zippable, zipSync } from 'fflate';
import { Problem } from '../../contract/problem.ts';
import { unusedName } from '../authority/file-name.ts';
import type { KitPlace } from './place.ts';

interface Packed {
  readonly password: string;
  readonly content: Uint8Array;
}

export class KitBundle implements KitPlace {
  readonly #ending: string;
  readonly #stems = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #packed = new Map<string, Packed>();
  #sheet = '';

  /** `ending`: of each file in it, `.zip` or `.p12`. */
  constructor(ending: string) {
    this.#ending = ending;
  }

  /** Every bundle begins empty. */
  isDone(): boolean {
    return false;
  }

  claim(fingerprint: string, wanted: string): string {
    const stem = unusedName(wanted, this.#taken);
    this.#stems.set(fingerprint, stem);
    return stem;
  }

  write(fingerprint: string, password: string, content: Uint8Array): void {
    this.#packed.set(fingerprint, { password, content });
  }

  fileOf(fingerprint: string): string {
    return `${this.#stems.get(fingerprint)}${this.#ending}`;
  }

  readPassword(fingerprint: string): string {
    return this.#packed.get(fingerprint)!.password;
  }

  writeSheet(html: string): void {
    this.#sheet = html;
  }

  get sheet(): string {
    return this.#sheet;
  }

  /** One kit as it is; several in a zip, which holds no password. */
  file(): { readonly name: string; readonly content: Uint8Array } {
    const all = [...this.#packed].map(
      ([fingerprint, { content }]) => [this.fileOf(fingerprint), content] as const,
    );
    const [only] = all;
    if (only && all.length === 1) return { name: only[0], content: only[1] };
    const entries: Zippable = {};
    // Compressed already; "made by Unix", without which unzip takes the names for a DOS code page.
    for (const [name, content] of all)
      entries[name] = [content, { level: 0, os: 3, attrs: 0o100644 * 2 ** 16 }];
    return { name: this.#ending === '.p12' ? 'certificates.zip' : 'kits.zip', content: zipSync(entries) };
  }

  /** The one password; null when there are several. */
  onlyPassword(read: (text: string) => string): string | null {
    const [only, ...others] = this.#packed.values();
    return only && others.length === 0 ? read(only.password) : null;
  }
}

/** The bundle that waits to be collected: one, once, and not longer than the vault is open. */
export class WaitingBundle {
  #waiting: { readonly id: string; readonly bundle: KitBundle } | undefined;

  put(bundle: KitBundle): string {
    const id = crypto.randomUUID();
    this.#waiting = { id, bundle };
    return id;
  }

  /** @throws Problem KITS_GONE */
  take(id: string): KitBundle {
    const waiting = this.#waiting;
    if (waiting?.id !== id) throw new Problem('KITS_GONE', {});
    this.forget();
    return waiting.bundle;
  }

  forget(): void {
    this.#waiting = undefined;
  }
}
