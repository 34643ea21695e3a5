/** A small PKI made by openssl, for tests that must not be judged by what they test. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePem } from '../../../core/x509/pem.ts';

export interface OpensslIdentity {
  /** PEM. */
  readonly key: string;
  readonly keyFile: string;
  readonly certificateFile: string;
  /** DER. */
  readonly certificate: Uint8Array;
}

export interface IssueOptions {
  readonly subject: string;
  /** openssl extension lines. */
  readonly extensions: string;
  /** notBefore and notAfter as YYYYMMDDHHMMSSZ; 30 days from now when absent. */
  readonly validity?: readonly [string, string];
  /** `rsa:2048` or an EC curve. */
  readonly key?: string;
  readonly digest?: string;
}

/** One CA and what it issues, in a directory of its own. */
export class OpensslPki {
  readonly directory: string;
  readonly ca: OpensslIdentity;
  #count = 0;

  constructor(caSubject = '/O=割符/CN=試験 CA') {
    this.directory = mkdtempSync(join(tmpdir(), 'warifu-pki-'));
    writeFileSync(join(this.directory, 'index.txt'), '');
    writeFileSync(
      join(this.directory, 'ca.cnf'),
      `[ca]\ndefault_ca=d\n[d]\ndatabase=${this.directory}/index.txt\nnew_certs_dir=${this.directory}\nrand_serial=yes\npolicy=p\nunique_subject=no\nutf8=yes\nstring_mask=utf8only\n[p]\nCN=supplied\nO=optional\n`,
    );
    const [keyFile, certificateFile] = [join(this.directory, 'ca.key'), join(this.directory, 'ca.crt')];
    this.run(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      keyFile,
      '-out',
      certificateFile,
      '-utf8',
      '-subj',
      caSubject,
      '-days',
      '100',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    );
    this.ca = read(keyFile, certificateFile);
  }

  issue({
    subject,
    extensions,
    validity,
    key = 'ec:prime256v1',
    digest = 'sha256',
  }: IssueOptions): OpensslIdentity {
    const base = join(this.directory, `${++this.#count}`);
    const [type, parameter] = key.split(':') as [string, string];
    const keyArgs =
      type === 'ec' ? ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${parameter}`] : ['-newkey', key];
    this.run(
      'req',
      ...keyArgs,
      '-nodes',
      '-keyout',
      `${base}.key`,
      '-out',
      `${base}.csr`,
      '-utf8',
      '-subj',
      subject,
    );
    writeFileSync(`${base}.ext`, `${extensions}\n`);
    const dates = validity ? ['-startdate', validity[0], '-enddate', validity[1]] : ['-days', '30'];
    this.run(
      'ca',
      '-batch',
      '-notext',
      '-config',
      join(this.directory, 'ca.cnf'),
      '-md',
      digest,
      '-cert',
      this.ca.certificateFile,
      '-keyfile',
      this.ca.keyFile,
      '-in',
      `${base}.csr`,
      '-out',
      `${base}.crt`,
      '-extfile',
      `${base}.ext`,
      '-preserveDN',
      ...dates,
    );
    return read(`${base}.key`, `${base}.crt`);
  }

  /** A PKCS#12 made by openssl, with the CA in it unless `chain` is false. */
  pkcs12(
    identity: OpensslIdentity,
    name: string,
    password: string,
    options: { readonly chain?: boolean; readonly args?: readonly string[] } = {},
  ): Uint8Array {
    const file = join(this.directory, `${++this.#count}.p12`);
    writeFileSync(`${file}.password`, password);
    const chain = options.chain === false ? [] : ['-certfile', this.ca.certificateFile];
    this.run(
      'pkcs12',
      '-export',
      '-inkey',
      identity.keyFile,
      '-in',
      identity.certificateFile,
      ...chain,
      '-name',
      name,
      '-passout',
      `file:${file}.password`,
      '-out',
      file,
      ...(options.args ?? []),
    );
    return readFileSync(file);
  }

  run(...args: readonly string[]): string {
    return execFileSync('openssl', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function read(keyFile: string, certificateFile: string): OpensslIdentity {
  const certificate = parsePem(readFileSync(certificateFile))[0]!.bytes;
  return { key: readFileSync(keyFile, 'utf8'), keyFile, certificateFile, certificate };
}
