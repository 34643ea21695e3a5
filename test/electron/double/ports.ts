/** MessageChannelMain: two ends in main, one of which is usually handed to a window. */
import { EventEmitter } from 'node:events';
import type { MessagePortMain } from 'electron';

/** Where an end has gone. */
export interface Carrier {
  push(message: { kind: 'port'; id: number; message: unknown } | { kind: 'port-close'; id: number }): void;
}

let lastId = 0;

export class Port extends EventEmitter {
  readonly id = ++lastId;
  other: Port | undefined;
  carrier: Carrier | undefined;
  #started = false;
  #closed = false;
  #early: unknown[] = [];

  start(): void {
    this.#started = true;
    for (const data of this.#early.splice(0)) this.emit('message', { data, ports: [] });
  }

  postMessage(message: unknown): void {
    // What cannot be cloned fails here as it does there.
    const copy = structuredClone(message);
    const { other } = this;
    if (this.#closed || !other) return;
    if (other.carrier) other.carrier.push({ kind: 'port', id: other.id, message: copy });
    else other.receive(copy);
  }

  receive(data: unknown): void {
    if (this.#closed) return;
    if (this.#started) this.emit('message', { data, ports: [] });
    else this.#early.push(data);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { other } = this;
    if (other?.carrier) other.carrier.push({ kind: 'port-close', id: other.id });
    else other?.close();
    this.emit('close');
  }
}

export class MessageChannelMain {
  readonly port1 = new Port();
  readonly port2 = new Port();

  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

/** The compiler compares them; what Port lacks of it are Electron's overloads of `on`. */
type Methods = Pick<MessagePortMain, 'start' | 'close' | 'postMessage'>;
({}) as Port satisfies Methods;
