import { hkdfSync, randomBytes } from 'node:crypto';
import { Problem } from '../../../contract/problem.ts';
import type { RecoveryCodeParameters, SlotKind, SlotOpener } from '../slot.ts';

/** Crockford's base 32: no I, L, O, U, so that nothing looks like anything else on paper. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 34 random characters of 5 bits each: 170 bits. One more checks them. */
const randomLength = 34;
const groupLength = 5;

/** A new code as it is printed: 7 groups of 5 characters. It is shown once and kept nowhere. */
export function makeRecoveryCode(): string {
  // 256 is a multiple of 32, so the low 5 bits are uniform.
  const symbols = [...randomBytes(randomLength)].map((octet) => octet & 31);
  symbols.push(times2(remainder(symbols)));
  const text = symbols.map((symbol) => alphabet[symbol]).join('');
  return text.match(new RegExp(`.{${groupLength}}`, 'g'))!.join('-');
}

/**
 * The 35 characters of a code as somebody typed it: any case, any dashes and spaces, full-width too; O is read as
 * 0, I and L as 1.
 * @throws Problem RECOVERY_CODE_MISTYPED when a character is wrong, missing or swapped with its neighbour.
 */
export function readRecoveryCode(typed: string): string {
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s_\p{Pd}\u30FC\u2212]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  const symbols = [...text].map((character) => alphabet.indexOf(character));
  if (symbols.length !== randomLength + 1 || symbols.includes(-1) || remainder(symbols) !== 0) {
    throw new Problem('RECOVERY_CODE_MISTYPED', {});
  }
  return text;
}

/** `usable` are the kinds of slots that open the vault, for the words of a refusal. */
export function recoveryCodeOpener(
  code: string,
  usable: readonly SlotKind[],
): SlotOpener<RecoveryCodeParameters> {
  const text = readRecoveryCode(code);
  return {
    kind: 'recovery-code',
    async create() {
      return { kdf: 'hkdf-sha256', salt: randomBytes(16).toString('base64') };
    },
    async wrappingKey({ salt }) {
      return new Uint8Array(
        hkdfSync('sha256', text, Buffer.from(salt, 'base64'), 'warifu recovery code', 32),
      );
    },
    refusal: () => new Problem('WRONG_RECOVERY_CODE', { slots: [...usable] }),
    async discard() {},
  };
}

/**
 * The code as a polynomial over GF(32), modulo x - 2: zero when the check character is right. Any one wrong
 * character and any two swapped neighbours make it something else.
 */
function remainder(symbols: readonly number[]): number {
  return symbols.reduce((sum, symbol) => times2(sum) ^ symbol, 0);
}

/** In GF(32) = GF(2)[x] / (x⁵ + x² + 1). */
function times2(element: number): number {
  const shifted = element << 1;
  return shifted & 32 ? shifted ^ 0b100101 : shifted;
}
