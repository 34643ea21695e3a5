import assert from 'node:assert/strict';
import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { Problem, type ProblemCode, problems } from '../../../contract/problem.ts';
import {
  checkServerCertificateInput,
  completeRequestInput,
  importServerCertificateInput,
  requestServerCertificateInput,
  serverCertificateDetail,
  serverCertificateReport,
  storedServerCertificate,
} from '../../../contract/server-certificate.ts';
import { Consents } from '../../../core/authority/consent.ts';
import { Reader } from '../../../core/authority/reader.ts';
import type { CoreContext } from '../../../core/context.ts';
import { KeyMaker } from '../../../core/key-maker/key-maker.ts';
import { sealPrivateKey } from '../../../core/private-key.ts';
import { Registry } from '../../../core/registry/registry.ts';
import { Scratch } from '../../../core/scratch.ts';
import { importServerCertificate } from '../../../core/server-certificate/import.ts';
import { inspectServerCertificate } from '../../../core/server-certificate/inspect.ts';
import { completeRequest, requestServerCertificate } from '../../../core/server-certificate/request.ts';
import {
  getServerCertificate,
  listServerCertificates,
  slbForm,
  storeIssued,
} from '../../../core/server-certificate/store.ts';
import { Attempts } from '../../../core/vault/attempts.ts';
import { Vault } from '../../../core/vault/vault.ts';
import { WorkUnderWay } from '../../../core/work-under-way.ts';
import { X509Error } from '../../../core/x509/errors.ts';
import { generatePrivateKey, publicKeyOf } from '../../../core/x509/key.ts';
import { missing } from '../x509/tool-bench.ts';
import { type Made, OpensslAuthority } from './openssl-authority.ts';

const skip = missing('openssl');
const openssl = new OpensslAuthority();
const home = mkdtempSync(join(tmpdir(), '割符 店 '));
const dayMs = 86_400_000;
const passphrase = 'correct horse battery staple';
let vault: Vault;
let registry: Registry;
let context: CoreContext;
let opened = 0;
let today = new Date();
let root: Made;
let issuing: Made;
let leaf: Made;

before(async () => {
  if (skip) return;
  root = openssl.authority({ subject: '/O=割符/CN=ルート' });
  issuing = openssl.authority({ subject: '/O=割符/CN=中間', issuer: root });
  leaf = openssl.server({
    issuer: issuing,
    subject: '/O=株式会社テスト/CN=www.example.com',
    san: 'DNS:www.example.com,IP:192.0.2.1',
  });
  vault = Vault.open(join(home, 'vault.json'), { clock: () => today, scryptCost: 2 ** 16 });
  await vault.initialize(passphrase);
});

beforeEach(async () => {
  if (skip) return;
  registry?.close();
  today = new Date(Date.now() + 3_600_000);
  registry = Registry.open(join(home, `台帳 ${opened++}.db`), { clock: () => today });
  if (vault.status().state === 'locked') await vault.unlock({ kind: 'passphrase', passphrase });
  context = {
    registry,
    reader: new Reader(''),
    keyMaker: new KeyMaker(),
    vault,
    clock: () => new Date(today),
    consents: new Consents(() => today),
    issuing: new WorkUnderWay(),
    keychain: undefined,
    attempts: new Attempts(),
    scratch: new Scratch(home),
    files: { home, registry: '', vault: '' },
    restoreIsOpen: () => {},
    closeRegistry: async () => {},
  };
});

after(() => {
  registry?.close();
  openssl.remove();
  rmSync(home, { recursive: true, force: true });
});

const base64 = (...texts: readonly (string | Uint8Array)[]): string[] =>
  texts.map((text) => Buffer.from(text).toString('base64'));
const importing = (name: string, files: string[], more: { password?: string; hosts?: string[] } = {}) =>
  storedServerCertificate.parse(
    importServerCertificate(context, importServerCertificateInput.parse({ name, files, ...more })),
  );

const refused =
  <C extends ProblemCode>(code: C, inspect?: (data: Record<string, unknown>) => void) =>
  (error: unknown) => {
    assert.ok(error instanceof Problem, String(error));
    assert.equal(error.code, code);
    problems[code].data.parse(error.data);
    inspect?.(error.data as Record<string, unknown>);
    return true;
  };

/** Rows, secrets and audit: everything that an import could have left. */
function contents(): unknown {
  return registry.read((rows) => ({
    certificates: rows.serverCertificates.list(),
    secrets: rows.secrets.any(),
    audit: [...rows.audit.iterate(1)].map(({ action, subject }) => [action, JSON.parse(subject)]),
  }));
}

test('a bought certificate is kept with its chain in order, its key sealed, and an audit record', (t) => {
  if (skip) return t.skip(skip);
  const { certificate, findings } = importing(
    '店のドメイン',
    base64(root.pem + issuing.pem + leaf.pem, leaf.keyPem),
    { hosts: ['www.example.com'] },
  );
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['CHAIN_OUT_OF_ORDER', 'ROOT_INCLUDED', 'PRIVATE_ROOT'],
  );
  const { fingerprint, fingerprint256 } = new X509Certificate(leaf.pem);
  const hex = fingerprint256.replaceAll(':', '').toLowerCase();
  assert.deepEqual(certificate, {
    id: certificate.id,
    name: '店のドメイン',
    source: 'imported',
    state: 'valid',
    commonName: 'www.example.com',
    hosts: ['www.example.com', '192.0.2.1'],
    key: 'RSA 2048',
    fingerprint: hex,
    fingerprintSha1: fingerprint.toLowerCase(),
    notBefore: leaf.certificate.notBefore.toISOString(),
    notAfter: leaf.certificate.notAfter.toISOString(),
    clb: { accepted: true, obstacles: [] },
    createdAt: today.toISOString(),
  });
  assert.deepEqual((contents() as { audit: unknown }).audit, [
    [
      'server-certificate.imported',
      {
        name: '店のドメイン',
        subject: 'CN=www.example.com, O=株式会社テスト',
        serial: leaf.certificate.serial,
        fingerprint: hex,
        notAfter: leaf.certificate.notAfter.toISOString(),
      },
    ],
  ]);
  for (const reference of ['店のドメイン', certificate.id, hex, fingerprint]) {
    const detail = serverCertificateDetail.parse(getServerCertificate(context, reference));
    assert.equal(detail.chainPem, leaf.pem + issuing.pem);
    assert.deepEqual(
      detail.chain.map(({ subject }) => subject),
      ['CN=www.example.com, O=株式会社テスト', 'CN=中間, O=割符'],
    );
  }
});

test('the form for CLB comes back octet for octet what openssl writes', (t) => {
  if (skip) return t.skip(skip);
  importing('www', base64(issuing.pem, leaf.pem, leaf.keyPem));
  assert.deepEqual(slbForm(context, 'www'), {
    serverCertificate: leaf.pem + issuing.pem,
    privateKey: Buffer.from(
      openssl.bench.openssl('rsa', '-in', `${leaf.stem}.key`, '-traditional'),
    ).toString(),
  });
});

test('no octet of a key is found on disk, nor its password', (t) => {
  if (skip) return t.skip(skip);
  const secret = 'canary-ひみつ-7781';
  const passwordFile = openssl.bench.write('password', `${secret}\n`);
  openssl.bench.openssl(
    'pkcs12',
    '-export',
    '-inkey',
    `${leaf.stem}.key`,
    '-in',
    `${leaf.stem}.crt`,
    '-passout',
    `file:${passwordFile}`,
    '-out',
    'made.pfx',
  );
  importing('pfx', base64(openssl.bench.read('made.pfx')), { password: secret });
  registry.close();
  const der = openssl.bench.openssl('rsa', '-in', `${leaf.stem}.key`, '-traditional', '-outform', 'DER');
  const privateExponent = Buffer.from(der).subarray(400, 440);
  const needles = [privateExponent, Buffer.from(secret), Buffer.from(leaf.keyPem.split('\n')[5]!)];
  for (const file of readdirSync(home)) {
    const bytes = readFileSync(join(home, file));
    for (const needle of needles) assert.equal(bytes.indexOf(needle), -1, file);
  }
});

test('errors refuse the import with all findings, and nothing is stored', (t) => {
  if (skip) return t.skip(skip);
  const before = contents();
  const stranger = openssl.server({ subject: '/CN=stranger.example' });
  const codes =
    (expected: readonly string[]) =>
    ({ findings }: Record<string, unknown>) =>
      assert.deepEqual(
        (findings as { code: string }[]).map(({ code }) => code),
        expected,
      );
  assert.throws(
    () => importing('x', base64(leaf.pem, issuing.pem, root.pem, stranger.keyPem)),
    refused('SERVER_CERTIFICATE_REFUSED', codes(['KEY_MISMATCH', 'ROOT_INCLUDED', 'PRIVATE_ROOT'])),
  );
  assert.throws(
    () => importing('x', base64(leaf.pem)),
    refused('SERVER_CERTIFICATE_REFUSED', codes(['KEY_MISSING', 'CHAIN_INCOMPLETE'])),
  );
  assert.throws(
    () => importing('x', base64(leaf.pem, leaf.keyPem), { hosts: ['shop.example.com'] }),
    refused('SERVER_CERTIFICATE_REFUSED', (data) =>
      assert.deepEqual([data['count'], data['codes']], [1, 'NAME_NOT_COVERED']),
    ),
  );
  today = new Date(today.getTime() + 400 * dayMs);
  assert.throws(
    () => importing('x', base64(leaf.pem, leaf.keyPem)),
    refused('SERVER_CERTIFICATE_REFUSED', codes(['EXPIRED', 'CHAIN_INCOMPLETE'])),
  );
  assert.deepEqual(contents(), before);
});

test('wrong passwords, garbage, truncated and 50 MB files are typed errors, and nothing is stored', (t) => {
  if (skip) return t.skip(skip);
  const before = contents();
  const encrypted = openssl.bench.openssl(
    'pkcs8',
    '-topk8',
    '-in',
    `${leaf.stem}.key`,
    '-passout',
    'pass:right',
  );
  const fails = (code: string, files: string[], more: { password?: string; hosts?: string[] } = {}): void =>
    assert.throws(
      () => importing('x', files, more),
      (error: unknown) => (error instanceof X509Error || error instanceof Problem) && error.code === code,
      code,
    );
  fails('PASSWORD_REQUIRED', base64(leaf.pem, encrypted));
  fails('WRONG_PASSWORD', base64(leaf.pem, encrypted), { password: 'wrong' });
  fails('DER_MALFORMED', base64(randomBytes(5000).fill(0)));
  fails('DER_MALFORMED', base64(leaf.certificate.der.subarray(0, 200)));
  fails('PEM_MALFORMED', base64(leaf.pem.slice(0, 500), leaf.keyPem));
  fails('INPUT_TOO_LARGE', base64(Buffer.alloc(47 * 1024 * 1024, 0x30)));
  fails('SERVER_CERTIFICATE_ABSENT', base64(leaf.keyPem));
  fails('VALUE_INVALID', base64(leaf.pem, leaf.keyPem), { hosts: ['https://www.example.com/'] });
  // What is larger never gets past the contract.
  assert.equal(
    importServerCertificateInput.safeParse({ name: 'x', files: base64(Buffer.alloc(50 * 1024 * 1024)) })
      .success,
    false,
  );
  assert.deepEqual(contents(), before);
});

test('a name that is taken is refused, and the certificate that has it stays', (t) => {
  if (skip) return t.skip(skip);
  importing('www', base64(leaf.pem, leaf.keyPem));
  const before = contents();
  const other = openssl.server({ issuer: issuing });
  assert.throws(
    () => importing('www', base64(other.pem, other.keyPem)),
    refused('SERVER_CERTIFICATE_EXISTS'),
  );
  assert.deepEqual(contents(), before);
});

test('a locked vault takes no key and gives none, and the registry stays as it was', async (t) => {
  if (skip) return t.skip(skip);
  importing('www', base64(leaf.pem, leaf.keyPem));
  const before = contents();
  vault.lock();
  assert.throws(() => importing('other', base64(leaf.pem, leaf.keyPem)), refused('VAULT_LOCKED'));
  await assert.rejects(
    requestServerCertificate(
      context,
      requestServerCertificateInput.parse({ name: 'new', hosts: ['a.example'] }),
    ),
    refused('VAULT_LOCKED'),
  );
  assert.throws(() => slbForm(context, 'www'), refused('VAULT_LOCKED'));
  assert.deepEqual(contents(), before);
  // Looking needs no key.
  assert.equal(listServerCertificates(context).length, 1);
  assert.equal(
    inspectServerCertificate(
      context,
      checkServerCertificateInput.parse({ files: base64(leaf.pem, leaf.keyPem) }),
    ).trust,
    'unknown',
  );
});

test('a check reports the same and keeps nothing, whatever the verdict', (t) => {
  if (skip) return t.skip(skip);
  const before = contents();
  const ec = openssl.server({ issuer: issuing, key: 'P-256' });
  const report = serverCertificateReport.parse(
    inspectServerCertificate(
      context,
      checkServerCertificateInput.parse({ files: base64(ec.pem + ec.keyPem), hosts: ['例え.jp'] }),
    ),
  );
  assert.deepEqual(
    report.findings.map(({ code }) => code),
    ['NAME_NOT_COVERED', 'CHAIN_INCOMPLETE', 'CLB_ALGORITHM'],
  );
  assert.deepEqual(report.clb, { accepted: false, obstacles: ['CLB_ALGORITHM'] });
  assert.equal(report.chain[0]?.key, 'EC P-256');
  assert.deepEqual(contents(), before);
});

/** What a public CA does with a request: signs it with the names it asks for, or with others. */
function answer(requestPem: string, san?: string): string {
  openssl.bench.write('their.csr', requestPem);
  openssl.bench.write(
    'their.ext',
    `basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n${san ? `subjectAltName=${san}\n` : ''}`,
  );
  const copied = san ? [] : ['-copy_extensions', 'copy'];
  openssl.bench.openssl(
    'x509',
    '-req',
    '-in',
    'their.csr',
    '-CA',
    `${issuing.stem}.crt`,
    '-CAkey',
    `${issuing.stem}.key`,
    '-set_serial',
    '77',
    '-days',
    '90',
    '-extfile',
    'their.ext',
    ...copied,
    '-out',
    'their.crt',
  );
  return Buffer.from(openssl.bench.read('their.crt')).toString();
}

test('a request for a public CA verifies under openssl and asks for every host', async (t) => {
  if (skip) return t.skip(skip);
  const input = requestServerCertificateInput.parse({
    name: '例え',
    hosts: ['例え.jp', '*.例え.jp', '192.0.2.7', '2001:db8::7'],
    keyAlgorithm: 'rsa-2048',
  });
  const made = serverCertificateDetail.parse(await requestServerCertificate(context, input));
  assert.equal(made.state, 'pending');
  assert.deepEqual(
    [made.commonName, made.fingerprint, made.chainPem, made.clb.accepted],
    ['xn--r8jz45g.jp', null, null, true],
  );
  openssl.bench.write('made.csr', made.requestPem!);
  const printed = openssl.bench.run('openssl', 'req', '-in', 'made.csr', '-verify', '-noout', '-text');
  assert.match(printed, /verify OK/);
  assert.match(
    printed,
    /DNS:xn--r8jz45g\.jp, DNS:\*\.xn--r8jz45g\.jp, IP Address:192\.0\.2\.7, IP Address:2001:DB8:0:0:0:0:0:7/,
  );
  assert.match(printed, /Subject: CN = xn--r8jz45g\.jp/);
  assert.throws(() => slbForm(context, '例え'), refused('SERVER_CERTIFICATE_PENDING'));
});

test('a request carries the subject it is given, and says when CLB would refuse its key', async (t) => {
  if (skip) return t.skip(skip);
  const input = requestServerCertificateInput.parse({
    name: 'ec',
    hosts: ['a.example'],
    subject: 'CN=a.example, O=株式会社テスト, C=JP',
    keyAlgorithm: 'ec-p384',
  });
  const made = await requestServerCertificate(context, input);
  assert.deepEqual(made.clb, { accepted: false, obstacles: ['CLB_ALGORITHM'] });
  openssl.bench.write('made.csr', made.requestPem!);
  assert.match(
    openssl.bench.run(
      'openssl',
      'req',
      '-in',
      'made.csr',
      '-verify',
      '-noout',
      '-subject',
      '-nameopt',
      'utf8,sep_comma_plus,lname',
    ),
    /countryName=JP,organizationName=株式会社テスト,commonName=a\.example/,
  );
  await assert.rejects(requestServerCertificate(context, input), refused('SERVER_CERTIFICATE_EXISTS'));
  const tooLong = { name: 'long', hosts: [`${'a'.repeat(60)}.${'b'.repeat(60)}.example`] };
  await assert.rejects(
    requestServerCertificate(context, requestServerCertificateInput.parse(tooLong)),
    refused('NAME_INVALID'),
  );
});

test("the CA's answer joins the waiting key, and the form for CLB then holds both halves", async (t) => {
  if (skip) return t.skip(skip);
  const made = await requestServerCertificate(
    context,
    requestServerCertificateInput.parse({ name: 'www', hosts: ['www.example.com'] }),
  );
  const reply = answer(made.requestPem!);
  const { certificate, findings } = storedServerCertificate.parse(
    completeRequest(
      context,
      completeRequestInput.parse({ certificate: 'www', files: base64(issuing.pem + reply) }),
    ),
  );
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['CHAIN_INCOMPLETE', 'CHAIN_OUT_OF_ORDER'],
  );
  assert.deepEqual([certificate.id, certificate.source, certificate.state], [made.id, 'requested', 'valid']);
  const form = slbForm(context, 'www');
  assert.equal(form.serverCertificate, reply + issuing.pem);
  openssl.bench.write('form.key', form.privateKey);
  const publicKey = (...args: readonly string[]): string =>
    Buffer.from(openssl.bench.openssl(...args)).toString();
  assert.equal(
    publicKey('rsa', '-in', 'form.key', '-pubout'),
    publicKey('x509', '-in', 'their.crt', '-noout', '-pubkey'),
  );
  assert.throws(
    () => completeRequest(context, completeRequestInput.parse({ certificate: 'www', files: base64(reply) })),
    refused('SERVER_CERTIFICATE_NOT_PENDING'),
  );
});

test('an answer to another request, or for other hosts, is refused and the request keeps waiting', async (t) => {
  if (skip) return t.skip(skip);
  const input = requestServerCertificateInput.parse({
    name: 'www',
    hosts: ['www.example.com', 'shop.example.com'],
  });
  const made = await requestServerCertificate(context, input);
  const before = contents();
  const complete = (pem: string, hosts?: string[]) =>
    completeRequest(
      context,
      completeRequestInput.parse({
        certificate: made.id,
        files: base64(pem, issuing.pem),
        ...(hosts ? { hosts } : {}),
      }),
    );
  assert.throws(
    () => complete(leaf.pem),
    refused('SERVER_CERTIFICATE_REFUSED', ({ codes }) => assert.match(`${codes}`, /KEY_MISMATCH/)),
  );
  const partial = answer(made.requestPem!, 'DNS:www.example.com');
  assert.throws(
    () => complete(partial),
    refused('SERVER_CERTIFICATE_REFUSED', ({ codes }) => assert.equal(codes, 'NAME_NOT_COVERED')),
  );
  assert.deepEqual(contents(), before);
  assert.deepEqual(complete(partial, ['www.example.com']).certificate.hosts, ['www.example.com']);
});

test('an import without a key finds the request it answers', async (t) => {
  if (skip) return t.skip(skip);
  await requestServerCertificate(
    context,
    requestServerCertificateInput.parse({ name: 'first', hosts: ['a.example'], keyAlgorithm: 'ec-p256' }),
  );
  today = new Date(today.getTime() + 1000);
  const made = await requestServerCertificate(
    context,
    requestServerCertificateInput.parse({ name: 'second', hosts: ['www.example.com'] }),
  );
  const { certificate } = importing('any', base64(answer(made.requestPem!), issuing.pem));
  assert.deepEqual([certificate.id, certificate.name], [made.id, 'second']);
  assert.deepEqual(
    listServerCertificates(context).map(({ name, state }) => [name, state]),
    [
      ['first', 'pending'],
      ['second', 'valid'],
    ],
  );
});

test('an issued certificate is kept only with its own key', async (t) => {
  if (skip) return t.skip(skip);
  const key = openssl.bench.openssl(
    'pkcs8',
    '-topk8',
    '-nocrypt',
    '-in',
    `${leaf.stem}.key`,
    '-outform',
    'DER',
  );
  const chain = [leaf, issuing, root].map(({ certificate }) => certificate.der);
  const stranger = await generatePrivateKey('ec-p256');
  const store = (pkcs8: Uint8Array) =>
    context.registry.write((rows) =>
      storeIssued(context, rows, {
        name: 'x',
        chain,
        spki: publicKeyOf(pkcs8),
        key: sealPrivateKey(context, pkcs8),
      }),
    );
  assert.throws(() => store(stranger), refused('SERVER_CERTIFICATE_REFUSED'));
  const { certificate, findings } = store(key);
  assert.equal(certificate.source, 'issued');
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['ROOT_INCLUDED', 'PRIVATE_ROOT'],
  );
  assert.equal(getServerCertificate(context, 'x').chainPem, leaf.pem + issuing.pem);
});

test('what is not there is said by the name that was asked for', (t) => {
  if (skip) return t.skip(skip);
  assert.throws(
    () => getServerCertificate(context, 'ない'),
    refused('SERVER_CERTIFICATE_NOT_FOUND', ({ certificate }) => assert.equal(certificate, 'ない')),
  );
});
