import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key and a certificate that OpenSSL made, as PEM; the key is PKCS#1. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface LeafWishes {
  readonly subject: string;
  readonly usage?: 'clientAuth' | 'serverAuth';
  readonly domain?: string;
  /** Whether it carries the identifiers of its own and its issuer's key. */
  readonly keyIdentifiers?: boolean;
  /** OpenSSL's times: `YYYYMMDDHHMMSSZ`. */
  readonly from?: string;
  readonly until?: string;
}

/** A directory in which OpenSSL makes certificates. Remove it with `remove()`. */
export class OpensslWorkshop {
  readonly directory = mkdtempSync(join(tmpdir(), 'warifu-simulator-test-'));
  #count = 0;

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  run(...args: string[]): string {
    return execFileSync('openssl', args, {
      cwd: this.directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  rsaKey(bits = 2048): string {
    return this.run('genrsa', '-traditional', String(bits));
  }

  authority(subject: string, key = this.rsaKey()): Identity {
    const keyPath = this.file('ca.key', key);
    const extensions = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    const certificate = this.run(
      ...['req', '-x509', '-new', '-key', keyPath, '-utf8', '-subj', subject, '-days', '30', ...extensions],
    );
    return { certificate, key };
  }

  leaf(authority: Identity, wishes: LeafWishes, key = this.rsaKey()): Identity {
    const request = this.#freshPath('request.csr');
    this.run(
      'req',
      '-new',
      '-key',
      this.file('leaf.key', key),
      '-utf8',
      '-subj',
      wishes.subject,
      '-out',
      request,
    );
    const san = wishes.domain === undefined ? '' : `subjectAltName = DNS:${wishes.domain}, IP:127.0.0.1`;
    const config = this.file(
      'ca.cnf',
      `[ca]
default_ca = it
[it]
new_certs_dir = .
database = ${this.file('index.txt', '')}
serial = ${this.file('serial', '1000')}
default_md = sha256
policy = any
unique_subject = no
x509_extensions = ext
[any]
commonName = supplied
countryName = optional
organizationName = optional
[ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = ${wishes.usage ?? 'clientAuth'}
${san}
${wishes.keyIdentifiers ? 'subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always' : ''}
`,
    );
    const dates = [
      '-startdate',
      wishes.from ?? '20240101000000Z',
      '-enddate',
      wishes.until ?? '20990101000000Z',
    ];
    const signer = [
      '-cert',
      this.file('ca.crt', authority.certificate),
      '-keyfile',
      this.file('sign.key', authority.key),
    ];
    const certificate = this.run(
      ...[
        'ca',
        '-batch',
        '-notext',
        '-preserveDN',
        '-utf8',
        '-config',
        config,
        ...dates,
        ...signer,
        '-in',
        request,
      ],
    );
    return { certificate, key };
  }

  file(name: string, content: string): string {
    const path = this.#freshPath(name);
    writeFileSync(path, content);
    return path;
  }

  #freshPath(name: string): string {
    this.#count += 1;
    return join(this.directory, `${this.#count}-${name}`);
  }
}
