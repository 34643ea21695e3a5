/**
 * RC2 (RFC 2268), decryption only: old PKCS#12 files protect their certificates with it, and neither BoringSSL nor
 * OpenSSL 3 without its legacy provider offers it. Never used to protect anything.
 */

/** RFC 2268 §2: a permutation of 0…255 from the digits of π. */
const piTable = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32' +
    'bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a' +
    '961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e' +
    'c5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);

/** RFC 2268 §2: the 64 words of the key, limited to `effectiveBits`. */
function expandKey(key: Uint8Array, effectiveBits: number): Uint16Array {
  const octets = new Uint8Array(128);
  octets.set(key);
  for (let i = key.length; i < 128; i++)
    octets[i] = piTable[(octets[i - 1]! + octets[i - key.length]!) & 0xff]!;
  const effectiveOctets = (effectiveBits + 7) >> 3;
  const mask = 0xff >> (8 * effectiveOctets - effectiveBits);
  octets[128 - effectiveOctets] = piTable[octets[128 - effectiveOctets]! & mask]!;
  for (let i = 127 - effectiveOctets; i >= 0; i--)
    octets[i] = piTable[octets[i + 1]! ^ octets[i + effectiveOctets]!]!;
  return Uint16Array.from({ length: 64 }, (_, i) => octets[2 * i]! | (octets[2 * i + 1]! << 8));
}

/** RFC 2268 §4: one block, decrypted in place. */
function decryptBlock(words: Uint16Array, k: Uint16Array): void {
  let [r0, r1, r2, r3] = words as unknown as [number, number, number, number];
  for (let round = 15; round >= 0; round--) {
    const j = 4 * round;
    r3 = ((r3 >>> 5) | (r3 << 11)) & 0xffff;
    r3 = (r3 - k[j + 3]! - (r2 & r1) - (~r2 & r0)) & 0xffff;
    r2 = ((r2 >>> 3) | (r2 << 13)) & 0xffff;
    r2 = (r2 - k[j + 2]! - (r1 & r0) - (~r1 & r3)) & 0xffff;
    r1 = ((r1 >>> 2) | (r1 << 14)) & 0xffff;
    r1 = (r1 - k[j + 1]! - (r0 & r3) - (~r0 & r2)) & 0xffff;
    r0 = ((r0 >>> 1) | (r0 << 15)) & 0xffff;
    r0 = (r0 - k[j]! - (r3 & r2) - (~r3 & r1)) & 0xffff;
    // The sixteen rounds are 5 mixing, mash, 6 mixing, mash, 5 mixing; seen from the end.
    if (round === 11 || round === 5) {
      r3 = (r3 - k[r2 & 63]!) & 0xffff;
      r2 = (r2 - k[r1 & 63]!) & 0xffff;
      r1 = (r1 - k[r0 & 63]!) & 0xffff;
      r0 = (r0 - k[r3 & 63]!) & 0xffff;
    }
  }
  words[0] = r0;
  words[1] = r1;
  words[2] = r2;
  words[3] = r3;
}

/**
 * RC2-CBC without padding removal. `ciphertext` is a whole number of 8-octet blocks.
 * @param effectiveBits the key's effective length T1 (RFC 2268 §2): 40, 64 or 128 in practice.
 */
export function decryptRc2Cbc(
  key: Uint8Array,
  effectiveBits: number,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  const k = expandKey(key, effectiveBits);
  const plain = new Uint8Array(ciphertext.length);
  const words = new Uint16Array(4);
  let previous = iv;
  for (let at = 0; at < ciphertext.length; at += 8) {
    const block = ciphertext.subarray(at, at + 8);
    for (let w = 0; w < 4; w++) words[w] = block[2 * w]! | (block[2 * w + 1]! << 8);
    decryptBlock(words, k);
    for (let w = 0; w < 4; w++) {
      plain[at + 2 * w] = (words[w]! & 0xff) ^ previous[2 * w]!;
      plain[at + 2 * w + 1] = (words[w]! >> 8) ^ previous[2 * w + 1]!;
    }
    previous = block;
  }
  return plain;
}
