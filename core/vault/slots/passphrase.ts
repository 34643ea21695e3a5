import { randomBytes, scrypt } from 'node:crypto';
import { Problem } from '../../../contract/problem.ts';
import type { PassphraseParameters, SlotKind, SlotOpener } from '../slot.ts';

/** Least length in characters, after normalisation (NIST SP 800-63B §3.1.1.2 for the floor; longer is better). */
export const minimumPassphrase = 8;
/** In octets of UTF-8: more than anybody types. */
const maximumPassphrase = 4096;

/** N for new slots: 128 MiB and about half a second. */
export const defaultCost = 2 ** 17;

/**
 * What a file may ask for. Below: somebody made the passphrase cheap to guess. Above: somebody makes this machine
 * run out of memory (1 GiB at the ceiling: 128 · N · r octets, RFC 7914 §2).
 */
const limits = {
  N: { minimum: 2 ** 16, maximum: 2 ** 20 },
  r: { minimum: 8, maximum: 8 },
  p: { minimum: 1, maximum: 4 },
} as const;

/** @throws Problem PASSPHRASE_TOO_SHORT, PASSPHRASE_TOO_LONG. For new passphrases; old ones just open or do not. */
export function checkPassphrase(passphrase: string): void {
  const normalised = passphrase.normalize('NFKC');
  if ([...normalised].length < minimumPassphrase) {
    throw new Problem('PASSPHRASE_TOO_SHORT', { minimum: minimumPassphrase });
  }
  if (Buffer.byteLength(normalised) > maximumPassphrase) {
    throw new Problem('PASSPHRASE_TOO_LONG', { maximum: maximumPassphrase });
  }
}

/** `usable` are the kinds of slots that open the vault, for the words of a refusal. */
export function passphraseOpener(
  passphrase: string,
  cost: number,
  usable: readonly SlotKind[],
): SlotOpener<PassphraseParameters> {
  return {
    kind: 'passphrase',
    async create() {
      return { kdf: 'scrypt', N: cost, r: 8, p: 1, salt: randomBytes(16).toString('base64') };
    },
    wrappingKey: (parameters) => derivePassphrase(passphrase, parameters),
    refusal: () => new Problem('WRONG_PASSPHRASE', { slots: [...usable] }),
    async discard() {},
  };
}

/** One scrypt over the NFKC form, so that composed and decomposed or full-width input give the same key. */
async function derivePassphrase(passphrase: string, parameters: PassphraseParameters): Promise<Uint8Array> {
  const { N, r, p } = parameters;
  refuseOutOfRange(parameters);
  const octets = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
  if (octets.length > maximumPassphrase) {
    octets.fill(0);
    throw new Problem('PASSPHRASE_TOO_LONG', { maximum: maximumPassphrase });
  }
  const salt = Buffer.from(parameters.salt, 'base64');
  // OpenSSL counts N + p + 2 blocks of 128 · r octets.
  const maxmem = 128 * r * (N + p + 2);
  try {
    return await new Promise((resolve, reject) => {
      scrypt(octets, salt, 32, { N, r, p, maxmem }, (error, key) => {
        if (!error) resolve(new Uint8Array(key.buffer, key.byteOffset, key.length));
        else reject(error);
      });
    });
  } finally {
    octets.fill(0);
  }
}

function refuseOutOfRange(parameters: PassphraseParameters): void {
  for (const parameter of ['N', 'r', 'p'] as const) {
    const { minimum, maximum } = limits[parameter];
    const value = parameters[parameter];
    // RFC 7914 §6: N is a power of two.
    const isWhole = parameter !== 'N' || Number.isInteger(Math.log2(value));
    if (value < minimum || value > maximum || !isWhole) {
      throw new Problem('VAULT_KDF_OUT_OF_RANGE', { parameter, value, minimum, maximum });
    }
  }
}
