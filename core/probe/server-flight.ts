/** Reads the server's part of a TLS handshake up to 1.2, which travels in the clear (RFC 5246 §7.4). */

export interface CertificateRequest {
  /** SignatureScheme numbers; empty before TLS 1.2. */
  readonly signatureSchemes: readonly number[];
  /** DistinguishedNames, DER. */
  readonly authorities: readonly Uint8Array[];
}

export interface ServerFlight {
  /** The version the server chose, as on the wire: 0x0303 is TLS 1.2. Undefined when it sent no ServerHello. */
  readonly version: number | undefined;
  /** DER, leaf first. */
  readonly certificates: readonly Uint8Array[];
  readonly request: CertificateRequest | undefined;
  /** ServerHelloDone was seen: a request that is missing was not made. */
  readonly complete: boolean;
}

const record = { changeCipherSpec: 20, handshake: 22 } as const;
const message = { serverHello: 2, certificate: 11, certificateRequest: 13, serverHelloDone: 14 } as const;

/** A cursor that answers undefined instead of reading past the end: the bytes are a stranger's. */
class Bytes {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Uint8Array | undefined {
    if (this.#at + length > this.#bytes.length) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  number(octets: number): number | undefined {
    return this.take(octets)?.reduce((sum, octet) => sum * 256 + octet, 0);
  }

  /** A vector with its length in front. */
  vector(lengthOctets: number): Uint8Array | undefined {
    const length = this.number(lengthOctets);
    return length === undefined ? undefined : this.take(length);
  }
}

/** Everything readable in the bytes a server sent; stops quietly at the first thing that is cut off or encrypted. */
export function readServerFlight(sent: Uint8Array): ServerFlight {
  const messages = new Bytes(handshakeBytes(sent));
  let version: number | undefined;
  let certificates: readonly Uint8Array[] = [];
  let request: CertificateRequest | undefined;
  let complete = false;
  while (!messages.atEnd && !complete) {
    const type = messages.number(1);
    const body = messages.vector(3);
    if (type === undefined || body === undefined) break;
    if (type === message.serverHello) version = new Bytes(body).number(2);
    else if (type === message.certificate) certificates = vectors(new Bytes(body).vector(3), 3);
    else if (type === message.certificateRequest) request = readCertificateRequest(body, version);
    else if (type === message.serverHelloDone) complete = true;
  }
  return { version, certificates, request, complete };
}

/** Joins the handshake records; messages may be split over several. Ends where encryption begins. */
function handshakeBytes(sent: Uint8Array): Uint8Array {
  const records = new Bytes(sent);
  const parts: Uint8Array[] = [];
  while (!records.atEnd) {
    const type = records.number(1);
    const version = records.number(2);
    const fragment = records.vector(2);
    if (
      type === undefined ||
      version === undefined ||
      fragment === undefined ||
      type === record.changeCipherSpec
    )
      break;
    if (type === record.handshake) parts.push(fragment);
  }
  return Buffer.concat(parts);
}

function readCertificateRequest(
  body: Uint8Array,
  version: number | undefined,
): CertificateRequest | undefined {
  const reader = new Bytes(body);
  reader.vector(1);
  // supported_signature_algorithms came with TLS 1.2 (RFC 5246 §7.4.4).
  const schemes = version === 0x0303 ? reader.vector(2) : new Uint8Array();
  const authorities = reader.vector(2);
  if (!schemes || !authorities) return undefined;
  const signatureSchemes = Array.from(
    { length: schemes.length >> 1 },
    (_, i) => schemes[i * 2]! * 256 + schemes[i * 2 + 1]!,
  );
  return { signatureSchemes, authorities: vectors(authorities, 2) };
}

function vectors(bytes: Uint8Array | undefined, lengthOctets: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  const reader = new Bytes(bytes ?? new Uint8Array());
  for (let next = reader.vector(lengthOctets); next !== undefined; next = reader.vector(lengthOctets))
    found.push(next);
  return found;
}

const schemeNames: Readonly<Record<number, string>> = {
  513: 'rsa_pkcs1_sha1',
  515: 'ecdsa_sha1',
  1025: 'rsa_pkcs1_sha256',
  1027: 'ecdsa_secp256r1_sha256',
  1281: 'rsa_pkcs1_sha384',
  1283: 'ecdsa_secp384r1_sha384',
  1537: 'rsa_pkcs1_sha512',
  1539: 'ecdsa_secp521r1_sha512',
  2052: 'rsa_pss_rsae_sha256',
  2053: 'rsa_pss_rsae_sha384',
  2054: 'rsa_pss_rsae_sha512',
  2055: 'ed25519',
  2056: 'ed448',
  2057: 'rsa_pss_pss_sha256',
  2058: 'rsa_pss_pss_sha384',
  2059: 'rsa_pss_pss_sha512',
};

/** SignatureScheme by its name in RFC 8446 §4.2.3, or as `0x….`. */
export function signatureSchemeName(scheme: number): string {
  return schemeNames[scheme] ?? `0x${scheme.toString(16).padStart(4, '0')}`;
}
