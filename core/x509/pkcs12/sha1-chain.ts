/**
 * SHA-1 of SHA-1 of SHA-1 …, as RFC 7292 §B.2 asks for. One call into node:crypto costs four times what hashing 20
 * octets costs here, and files of NSS and GnuTLS ask for millions: this is a second instead of five.
 */

/** FIPS 180-4 §6.1.2, on one block that is the digest before, its padding and its length. */
export function chainSha1(digest: Uint8Array, times: number): Uint8Array {
  const out = Buffer.from(digest);
  const w = new Int32Array(80);
  let [h0, h1, h2, h3, h4] = [0, 4, 8, 12, 16].map((at) => out.readInt32BE(at)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  for (let round = 0; round < times; round++) {
    w[0] = h0;
    w[1] = h1;
    w[2] = h2;
    w[3] = h3;
    w[4] = h4;
    w[5] = 0x80000000 | 0;
    w.fill(0, 6, 15);
    w[15] = 160;
    for (let i = 16; i < 80; i++) {
      const x = w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!;
      w[i] = (x << 1) | (x >>> 31);
    }
    let a = 0x67452301;
    let b = 0xefcdab89 | 0;
    let c = 0x98badcfe | 0;
    let d = 0x10325476;
    let e = 0xc3d2e1f0 | 0;
    for (let i = 0; i < 80; i++) {
      let f: number;
      if (i < 20) f = ((b & c) | (~b & d)) + 0x5a827999;
      else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
      else if (i < 60) f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
      else f = (b ^ c ^ d) + 0xca62c1d6;
      const t = (((a << 5) | (a >>> 27)) + f + e + w[i]!) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    h0 = (a + 0x67452301) | 0;
    h1 = (b + 0xefcdab89) | 0;
    h2 = (c + 0x98badcfe) | 0;
    h3 = (d + 0x10325476) | 0;
    h4 = (e + 0xc3d2e1f0) | 0;
  }
  for (const [i, word] of [h0, h1, h2, h3, h4].entries()) out.writeInt32BE(word, 4 * i);
  return out;
}
