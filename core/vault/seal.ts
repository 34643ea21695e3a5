import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * The one way secrets are sealed, here and in the slots: AES-256-GCM (NIST SP 800-38D).
 *
 *     sealed = version (1 octet, 0x01) || IV (12, random) || ciphertext || tag (16)
 *     AAD    = version || length(kind) || kind || length(id) || id      lengths: 2 octets, big-endian; UTF-8
 *
 * Kind and id are bound in, so that a sealed secret opens only as what it is and where it belongs.
 */
const version = 1;
const ivLength = 12;
const tagLength = 16;

/** `key` has 32 octets. Kind and id have at most 65,535 octets each. */
export function seal(key: Uint8Array, kind: string, id: string, plaintext: Uint8Array): Uint8Array {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength });
  cipher.setAAD(boundTo(kind, id));
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return new Uint8Array(Buffer.concat([Buffer.of(version), iv, ciphertext, cipher.getAuthTag()]));
}

/** The plaintext, or `undefined` when the key, the kind, the id or any octet is not the one it was sealed with. */
export function unseal(
  key: Uint8Array,
  kind: string,
  id: string,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < 1 + ivLength + tagLength || sealed[0] !== version) return undefined;
  const iv = sealed.subarray(1, 1 + ivLength);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength });
  decipher.setAAD(boundTo(kind, id));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
  const plaintext = decipher.update(sealed.subarray(1 + ivLength, sealed.length - tagLength));
  try {
    decipher.final();
  } catch {
    plaintext.fill(0);
    return undefined;
  }
  return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
}

/** HKDF-SHA256 (RFC 5869) without salt; `purpose` keeps keys for different uses apart. 32 octets. */
export function derive(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), `warifu ${purpose}`, 32));
}

function boundTo(kind: string, id: string): Buffer {
  return Buffer.concat([Buffer.of(version), lengthPrefixed(kind), lengthPrefixed(id)]);
}

function lengthPrefixed(text: string): Buffer {
  const octets = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(octets.length);
  return Buffer.concat([length, octets]);
}
