/**
 * CAs that ask every time: an unlocked vault is not enough, the passphrase is given again for each signature.
 * It guards against a signature that nobody meant (an unattended screen, a wrong click), not against a program that
 * reads this process's memory.
 */
import { Problem } from '../../contract/problem.ts';
import type { AuthorityRecord } from '../registry/records.ts';

/** How long an approval waits for its signature. */
const validMs = 60_000;

export class Consents {
  readonly #clock: () => Date;
  readonly #given = new Map<string, { left: number; until: number }>();

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /** The keeper has just proved themselves; the next `signatures` of this CA, within a minute, may be made. */
  give(authority: AuthorityRecord, signatures: number): void {
    this.#given.set(authority.id, { left: signatures, until: this.#clock().getTime() + validMs });
  }

  /** @throws Problem SIGNATURE_NOT_APPROVED unless the CA does not ask, or `signatures` are still approved */
  require(authority: AuthorityRecord, signatures: number): void {
    if (authority.signing === 'unlocked') return;
    const given = this.#given.get(authority.id);
    if (given === undefined || given.left < signatures || this.#clock().getTime() >= given.until)
      throw new Problem('SIGNATURE_NOT_APPROVED', { authority: authority.name, signatures });
  }

  /** Uses up one approval; those that are left wait another minute: a long run of signatures is one approval. @throws Problem as {@link require} */
  take(authority: AuthorityRecord): void {
    this.require(authority, 1);
    const given = this.#given.get(authority.id);
    if (given === undefined) return;
    given.left -= 1;
    given.until = this.#clock().getTime() + validMs;
  }

  /** When the vault locks: whoever opens it next starts anew. */
  forget(): void {
    this.#given.clear();
  }
}
