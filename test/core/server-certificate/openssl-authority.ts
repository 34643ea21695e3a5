/** A chain of CAs and server certificates, all made by openssl, so that nothing of ours judges itself. */
import { type Certificate, parseCertificate } from '../../../core/x509/certificate.ts';
import { parsePem } from '../../../core/x509/pem.ts';
import { ToolBench } from '../x509/tool-bench.ts';

export interface Made {
  /** File stem in the bench: `STEM.key` (PKCS#8 PEM), `STEM.crt` (PEM). */
  readonly stem: string;
  readonly certificate: Certificate;
  readonly pem: string;
  readonly keyPem: string;
}

export interface Wish {
  readonly subject?: string;
  /** Self-signed when absent. */
  readonly issuer?: Made;
  /** Names for subjectAltName as openssl writes them: `DNS:a.example,IP:192.0.2.1`. */
  readonly san?: string;
  /** More lines of an openssl extension section; they replace those of the kind. */
  readonly extensions?: readonly string[];
  /** `RSA-2048` when absent; `RSA-n` or a curve. */
  readonly key?: string;
  /** The key of another certificate instead of a new one. */
  readonly keyOf?: Made;
  readonly days?: number;
  readonly digest?: 'md5' | 'sha1' | 'sha256';
}

const authorityExtensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
const serverExtensions = [
  'basicConstraints=critical,CA:FALSE',
  'keyUsage=critical,digitalSignature,keyEncipherment',
  'extendedKeyUsage=serverAuth',
];

export class OpensslAuthority {
  readonly bench = new ToolBench();
  #count = 0;

  /** A CA certificate; self-signed without an issuer. */
  authority(wish: Wish = {}): Made {
    return this.#make({
      days: 3650,
      extensions: authorityExtensions,
      subject: `/O=割符/CN=CA ${this.#count}`,
      ...wish,
    });
  }

  /** A server certificate. */
  server(wish: Wish): Made {
    return this.#make({
      san: 'DNS:www.example.com',
      extensions: serverExtensions,
      subject: '/CN=www.example.com',
      ...wish,
    });
  }

  #make({
    subject,
    issuer,
    san,
    extensions = [],
    key = 'RSA-2048',
    keyOf,
    days = 365,
    digest = 'sha256',
  }: Wish): Made {
    const { bench } = this;
    const stem = `c${this.#count++}`;
    if (keyOf) bench.write(`${stem}.key`, keyOf.keyPem);
    else this.#makeKey(stem, key);
    bench.openssl(
      'req',
      '-new',
      '-utf8',
      '-key',
      `${stem}.key`,
      '-subj',
      subject ?? '/CN=nobody',
      '-out',
      `${stem}.csr`,
    );
    bench.write(`${stem}.ext`, [...extensions, ...(san ? [`subjectAltName=${san}`] : []), ''].join('\n'));
    const signer = issuer
      ? ['-CA', `${issuer.stem}.crt`, '-CAkey', `${issuer.stem}.key`]
      : ['-signkey', `${stem}.key`];
    const withExtensions = extensions.length > 0 || san ? ['-extfile', `${stem}.ext`] : [];
    bench.openssl(
      'x509',
      '-req',
      '-in',
      `${stem}.csr`,
      ...signer,
      '-set_serial',
      `${1000 + this.#count}`,
      '-days',
      `${days}`,
      `-${digest}`,
      ...withExtensions,
      '-out',
      `${stem}.crt`,
    );
    const pem = Buffer.from(bench.read(`${stem}.crt`)).toString();
    return {
      stem,
      pem,
      keyPem: Buffer.from(bench.read(`${stem}.key`)).toString(),
      certificate: parseCertificate(parsePem(pem)[0]!.bytes),
    };
  }

  #makeKey(stem: string, key: string): void {
    const [, bits] = /^RSA-(\d+)$/.exec(key) ?? [];
    const algorithm = bits
      ? ['RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`]
      : ['EC', '-pkeyopt', `ec_paramgen_curve:${key}`];
    this.bench.openssl('genpkey', '-algorithm', ...algorithm, '-out', `${stem}.key`);
  }

  remove(): void {
    this.bench.remove();
  }
}
