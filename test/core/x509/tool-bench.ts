/** A temporary directory in which the independent judges work: openssl, keytool, certtool, pk12util. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export type Tool = 'openssl' | 'keytool' | 'certtool' | 'pk12util' | 'certutil' | 'strace';

/** Why a test that needs `tools` must be skipped, or false when all are there. */
export function missing(...tools: readonly Tool[]): string | false {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const absent = tools.filter((tool) => !directories.some((directory) => existsSync(join(directory, tool))));
  return absent.length === 0 ? false : `${absent.join(', ')} not installed`;
}

export class ToolBench {
  readonly directory = mkdtempSync(join(tmpdir(), 'x509-'));

  path(name: string): string {
    return join(this.directory, name);
  }

  read(name: string): Uint8Array {
    return readFileSync(this.path(name));
  }

  write(name: string, content: Uint8Array | string): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  makeDirectory(name: string): void {
    mkdirSync(this.path(name));
  }

  /** Runs a tool in the directory; its stdout and stderr together. Throws when it fails. */
  run(tool: Tool, ...args: readonly string[]): string {
    const { status, stdout, stderr } = this.attempt(tool, ...args);
    if (status !== 0) throw new Error(`${tool} ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout + stderr;
  }

  /** The same, whatever its exit status. */
  attempt(tool: Tool, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    // keytool reads file names and prints aliases in the locale's encoding.
    const env = { ...process.env, LC_ALL: 'C.UTF-8', JAVA_TOOL_OPTIONS: '' };
    return spawnSync(tool, args, { cwd: this.directory, encoding: 'utf8', env, input: '' });
  }

  openssl(...args: readonly string[]): Uint8Array {
    return execFileSync('openssl', args, { cwd: this.directory, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /**
   * A leaf under a CA, made by openssl: files `NAME.key` (PKCS#8 PEM), `NAME.crt`, `NAME-ca.crt`.
   */
  issue(name: string, algorithm: 'RSA' | 'P-256'): TestIdentity {
    const newKey = algorithm === 'RSA' ? ['rsa:2048'] : ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    this.openssl(
      'req',
      '-x509',
      '-newkey',
      ...newKey,
      '-nodes',
      '-keyout',
      `${name}-ca.key`,
      '-out',
      `${name}-ca.crt`,
      '-days',
      '30',
      '-subj',
      `/CN=${name} CA`,
    );
    this.openssl(
      'req',
      '-newkey',
      ...newKey,
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    );
    this.openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${name}-ca.crt`,
      '-CAkey',
      `${name}-ca.key`,
      '-set_serial',
      '7',
      '-days',
      '30',
      '-out',
      `${name}.crt`,
    );
    return {
      name,
      key: this.openssl('pkcs8', '-topk8', '-nocrypt', '-in', `${name}.key`, '-outform', 'DER'),
      certificate: this.openssl('x509', '-in', `${name}.crt`, '-outform', 'DER'),
      authority: this.openssl('x509', '-in', `${name}-ca.crt`, '-outform', 'DER'),
    };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** All DER; the key PKCS#8. */
export interface TestIdentity {
  readonly name: string;
  readonly key: Uint8Array;
  readonly certificate: Uint8Array;
  readonly authority: Uint8Array;
}
