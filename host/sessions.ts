/**
 * Who has been let in. A one-time token buys a session of two halves: a cookie that scripts cannot read, and a
 * key that only pages of this origin can. Cookies know no ports: another server on this machine could be
 * sent the cookie, and it would open nothing without the key.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

interface Session {
  readonly cookieHash: Buffer;
  readonly keyHash: Buffer;
}

export interface NewSession {
  /** The second half, for the page. */
  readonly key: string;
  /** The Set-Cookie header. */
  cookie(port: string): string;
}

const secret = (): string => randomBytes(32).toString('base64url');
const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

export class Sessions {
  #tokens: Buffer[] = [];
  readonly #sessions: Session[] = [];

  /** A token that opens one session. Older ones that nobody used are void from now on. */
  newToken(): string {
    const token = secret();
    this.#tokens = [hash(token)];
    return token;
  }

  /** Uses a token up; undefined for one that is wrong or was used. */
  open(token: string): NewSession | undefined {
    const given = hash(token);
    if (!this.#tokens.some((known) => timingSafeEqual(known, given))) return undefined;
    this.#tokens = [];
    const [cookie, key] = [secret(), secret()];
    this.#sessions.push({ cookieHash: hash(cookie), keyHash: hash(key) });
    return {
      key,
      cookie: (port) => `${cookieName(port)}=${cookie}; Path=/api; HttpOnly; SameSite=Strict`,
    };
  }

  knows({ headers }: IncomingMessage, port: string): boolean {
    const cookie = cookieOf(headers.cookie ?? '', cookieName(port));
    const key = headers['x-warifu-key'];
    if (cookie === undefined || typeof key !== 'string') return false;
    const [cookieHash, keyHash] = [hash(cookie), hash(key)];
    return this.#sessions.some(
      (session) =>
        timingSafeEqual(session.cookieHash, cookieHash) && timingSafeEqual(session.keyHash, keyHash),
    );
  }
}

/** Two Warifus of one person do not overwrite each other's cookie. */
const cookieName = (port: string): string => `warifu-${port}`;

function cookieOf(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
