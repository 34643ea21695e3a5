/** The CA names that a server advertises; a browser shows no prompt when none of them matches. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { AdvertisedAuthorities } from '../../contract/probe.ts';
import { DerReader } from '../x509/der.ts';
import { nameText, readName } from '../x509/name.ts';
import { type ExchangeOptions, exchange } from './connection.ts';
import { readServerFlight, type ServerFlight, signatureSchemeName } from './server-flight.ts';

/** More than any server sends before the handshake is encrypted. */
const captureLimit = 512 * 1024;

/** Passes bytes both ways between TCP and TLS and keeps a copy of what the server sends first. */
class TappedSocket extends Duplex {
  readonly #tcp: Socket;
  readonly #sent: Buffer[] = [];
  #size = 0;

  constructor(tcp: Socket) {
    super();
    this.#tcp = tcp;
    tcp.on('data', (chunk: Buffer) => {
      this.#size += chunk.length;
      if (this.#size <= captureLimit) this.#sent.push(chunk);
      if (!this.push(chunk)) tcp.pause();
    });
    tcp.on('end', () => this.push(null));
    tcp.on('error', (error) => this.destroy(error));
    tcp.on('close', () => this.destroy());
  }

  get sent(): Uint8Array {
    return Buffer.concat(this.#sent);
  }

  override _read(): void {
    this.#tcp.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#tcp.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#tcp.end(done);
  }
}

export interface Advertised {
  readonly authorities: AdvertisedAuthorities;
  /** The certificates that the server sends, DER, leaf first; empty when TLS 1.3 hides them. */
  readonly sent: readonly Uint8Array[];
}

/**
 * Makes one handshake of at most TLS 1.2, where the CertificateRequest is in the clear, and reads it off the wire:
 * node:tls does not hand the names to a client.
 * @throws Problem PROBE_UNREACHABLE, PROBE_NOT_TLS
 */
export async function readAdvertised(
  options: Pick<ExchangeOptions, 'target' | 'timeout' | 'signal'>,
): Promise<Advertised> {
  let tap: TappedSocket | undefined;
  const wrap = (tcp: Socket): Duplex => {
    tap = new TappedSocket(tcp);
    return tap;
  };
  const { observation } = await exchange({ ...options, maxVersion: 'TLSv1.2', wrap });
  const flight = readServerFlight(tap?.sent ?? new Uint8Array());
  return {
    authorities: describeFlight(flight, 'alert' in observation ? observation.alert : observation.kind),
    sent: flight.certificates,
  };
}

function describeFlight(flight: ServerFlight, ending: string): AdvertisedAuthorities {
  if (flight.version === undefined || (!flight.complete && !flight.request))
    return { visible: false, reason: ending === 'protocol_version' ? 'tls-1.3-only' : ending };
  return {
    visible: true,
    requested: flight.request !== undefined,
    names: (flight.request?.authorities ?? []).map((der) => ({
      der: Buffer.from(der).toString('base64'),
      text: describeName(der),
    })),
    signatureSchemes: (flight.request?.signatureSchemes ?? []).map(signatureSchemeName),
  };
}

function describeName(der: Uint8Array): string {
  try {
    return nameText(readName(DerReader.over(der, 'name')));
  } catch {
    return `#${Buffer.from(der).toString('hex')}`;
  }
}
