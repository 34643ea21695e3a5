/** Passwords that nobody has to think up. */
import { randomInt } from 'node:crypto';

/** Digits and small letters without the look-alikes 0 o, 1 i l: 31 symbols, all ASCII, on one plane of every keyboard. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
const groups = 6;
const groupLength = 4;

/**
 * A fresh password of 118 bits, such as `k7mf-2xqd-w9ra-h4tn-c8vz-p3gy`: readable aloud, typable anywhere, and short
 * enough for the 32 characters of Windows' own export dialogue. Hyphens are part of it.
 */
export function generatePassword(): string {
  const group = (): string =>
    Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  return Array.from({ length: groups }, group).join('-');
}
