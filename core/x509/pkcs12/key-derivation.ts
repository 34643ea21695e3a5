/** The key derivation of PKCS#12 (RFC 7292 Appendix B), still what every reader understands for the MAC. */
import { hash } from 'node:crypto';
import type { DerivationBudget } from '../derivation-budget.ts';
import { chainSha1 } from './sha1-chain.ts';

/** RFC 7292 §B.3: what the derived octets are for. */
export const Purpose = { key: 1, iv: 2, mac: 3 } as const;

/** Digest and block sizes `u` and `v` of RFC 7292 §B.2 in octets, and what one iteration costs in units of the budget. */
const digests = {
  sha1: { u: 20, v: 64, units: 2 },
  sha224: { u: 28, v: 64, units: 4 },
  sha256: { u: 32, v: 64, units: 4 },
  sha384: { u: 48, v: 128, units: 4 },
  sha512: { u: 64, v: 128, units: 4 },
} as const;

export type DigestName = keyof typeof digests;

/** Octets of output of `digest`. */
export const digestLength = (digest: DigestName): number => digests[digest].u;

export interface Pkcs12Derivation {
  readonly digest: DigestName;
  readonly purpose: (typeof Purpose)[keyof typeof Purpose];
  /** As the caller encoded it: BMPString octets with the two zero octets of RFC 7292 §B.1, or none at all. */
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Octets wanted. */
  readonly length: number;
}

/**
 * RFC 7292 §B.2.
 * @throws X509Error INPUT_TOO_LARGE when the budget does not allow it.
 */
export function deriveFromPkcs12Password(request: Pkcs12Derivation, budget: DerivationBudget): Uint8Array {
  const { digest, iterations, length } = request;
  const { u, v, units } = digests[digest];
  const blocks = Math.ceil(length / u);
  budget.spendIterations(iterations, blocks, units);
  const diversifier = new Uint8Array(v).fill(request.purpose);
  const input = Buffer.concat([repeated(request.salt, v), repeated(request.password, v)]);
  const out = new Uint8Array(blocks * u);
  for (let block = 0; ; block++) {
    const a = chain(digest, hash(digest, Buffer.concat([diversifier, input]), 'buffer'), iterations - 1);
    out.set(a, block * u);
    if (block + 1 >= blocks) return out.subarray(0, length);
    addToEachBlock(input, repeated(a, v).subarray(0, v), v);
  }
}

/** `first`, hashed `times` over. */
function chain(digest: DigestName, first: Uint8Array, times: number): Uint8Array {
  if (digest === 'sha1') return chainSha1(first, times);
  let last = first;
  for (let i = 0; i < times; i++) last = hash(digest, last, 'buffer');
  return last;
}

/** `bytes` repeated up to a multiple of `v` octets; nothing stays nothing. */
function repeated(bytes: Uint8Array, v: number): Uint8Array {
  const out = new Uint8Array(v * Math.ceil(bytes.length / v));
  for (let at = 0; at < out.length; at += bytes.length) out.set(bytes.subarray(0, out.length - at), at);
  return out;
}

/** Step 6C: I_j = (I_j + B + 1) mod 2^(8v) for every v-octet block of I. */
function addToEachBlock(input: Uint8Array, b: Uint8Array, v: number): void {
  for (let start = 0; start < input.length; start += v) {
    let carry = 1;
    for (let i = v - 1; i >= 0; i--) {
      carry += input[start + i]! + b[i]!;
      input[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
