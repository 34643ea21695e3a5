import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { ServerCertificateFinding } from '../../../contract/server-certificate-findings.ts';
import {
  type CheckInput,
  checkServerCertificate,
  type ServerCertificateCheck,
} from '../../../core/server-certificate/check.ts';
import { publicRoots } from '../../../core/server-certificate/public-roots.ts';
import { chooseLeaf } from '../../../core/server-certificate/read.ts';
import { slbChainPem } from '../../../core/server-certificate/slb-form.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import { missing } from '../x509/tool-bench.ts';
import { type Made, OpensslAuthority } from './openssl-authority.ts';

const skip = missing('openssl');
const openssl = new OpensslAuthority();
const dayMs = 86_400_000;
let root: Made;
let middle: Made;
let issuing: Made;
let leaf: Made;

before(() => {
  if (skip) return;
  root = openssl.authority({ subject: '/C=JP/O=割符/CN=試験ルート CA' });
  middle = openssl.authority({ subject: '/O=割符/CN=中間 CA 1', issuer: root });
  issuing = openssl.authority({ subject: '/O=割符/CN=中間 CA 2', issuer: middle });
  leaf = openssl.server({ issuer: issuing });
});
after(() => openssl.remove());

/** Checks `made` with its own key among `others`, an hour from now, with no public roots but those given. */
function check(
  made: Made,
  others: readonly Made[],
  options: Partial<CheckInput> = {},
): ServerCertificateCheck {
  return checkServerCertificate({
    leaf: made.certificate,
    pool: [made, ...others].map(({ certificate }) => certificate),
    publicKey: made.certificate.spki,
    publicRoots: [],
    now: new Date(Date.now() + 3_600_000),
    ...options,
  });
}

const codes = (result: ServerCertificateCheck): string[] => result.findings.map(({ code }) => code);
const found = (result: ServerCertificateCheck, code: string): ServerCertificateFinding => {
  const finding = result.findings.find((candidate) => candidate.code === code);
  assert.ok(finding, `${code} among ${codes(result).join(', ')}`);
  return finding;
};
const stems = (chain: readonly Certificate[], ...all: readonly Made[]): string[] =>
  chain.map((certificate) => all.find((made) => made.certificate === certificate)?.stem ?? '?');

test('a chain under a public root has nothing to mend', (t) => {
  if (skip) return t.skip(skip);
  const result = check(leaf, [issuing, middle], {
    publicRoots: [root.certificate],
    hosts: ['www.example.com'],
  });
  assert.deepEqual(codes(result), []);
  assert.equal(result.trust, 'public');
  assert.deepEqual(result.clb, { accepted: true, obstacles: [] });
});

test('the order of the input never matters to the chain and its findings, and openssl verifies that chain', (t) => {
  if (skip) return t.skip(skip);
  const stranger = openssl.server({ subject: '/CN=stranger.example' });
  const all = [leaf, issuing, middle, root, stranger].map(({ certificate }) => certificate);
  const keys = [leaf.certificate.spki];
  const run = (pool: readonly Certificate[]): ServerCertificateCheck =>
    checkServerCertificate({
      leaf: chooseLeaf(pool, keys)!,
      pool,
      publicKey: keys[0],
      publicRoots: [],
      now: new Date(),
    });
  const expected = run(all);
  assert.deepEqual(stems(expected.chain, leaf, issuing, middle, root), [
    leaf.stem,
    issuing.stem,
    middle.stem,
  ]);
  assert.deepEqual(codes(expected), ['CHAIN_UNRELATED', 'ROOT_INCLUDED', 'PRIVATE_ROOT']);
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (pool) => {
      const result = run(pool);
      assert.deepEqual(result.findings, expected.findings);
      assert.deepEqual(
        result.chain.map(({ serial }) => serial),
        expected.chain.map(({ serial }) => serial),
      );
    }),
    { numRuns: 60 },
  );
  openssl.bench.write('chain.pem', slbChainPem(expected.chain));
  openssl.bench.run(
    'openssl',
    'verify',
    '-x509_strict',
    '-purpose',
    'sslserver',
    '-CAfile',
    `${root.stem}.crt`,
    '-untrusted',
    'chain.pem',
    'chain.pem',
  );
});

test('a file out of order is mended and said; two files in order are not', (t) => {
  if (skip) return t.skip(skip);
  const publicRoots = [root.certificate];
  const files = (...made: readonly (readonly Made[])[]): Pick<CheckInput, 'files'> => ({
    files: made.map((file) => file.map(({ certificate }) => certificate)),
  });
  assert.deepEqual(
    codes(check(leaf, [middle, issuing], { publicRoots, ...files([leaf, middle, issuing]) })),
    ['CHAIN_OUT_OF_ORDER'],
  );
  assert.deepEqual(
    codes(check(leaf, [middle, issuing], { publicRoots, ...files([issuing, middle, leaf]) })),
    ['CHAIN_OUT_OF_ORDER'],
  );
  assert.deepEqual(
    codes(check(leaf, [middle, issuing], { publicRoots, ...files([issuing, middle], [leaf]) })),
    [],
  );
});

test('a missing intermediate is named', (t) => {
  if (skip) return t.skip(skip);
  const result = check(leaf, [middle], { publicRoots: [root.certificate] });
  assert.deepEqual(codes(result), ['CHAIN_INCOMPLETE', 'CHAIN_UNRELATED']);
  assert.deepEqual(found(result, 'CHAIN_INCOMPLETE').data, {
    subject: 'CN=www.example.com',
    issuer: 'CN=中間 CA 2, O=割符',
  });
  assert.equal(result.trust, 'unknown');
  assert.equal(check(leaf, [issuing], { publicRoots: [middle.certificate] }).trust, 'public');
});

test('an own CA completes a chain that comes without its root', (t) => {
  if (skip) return t.skip(skip);
  const result = check(leaf, [issuing, middle], { authorities: [root.certificate] });
  assert.equal(result.trust, 'private');
  assert.deepEqual(codes(result), ['PRIVATE_ROOT']);
});

test('an intermediate of the same name but another key breaks the chain', (t) => {
  if (skip) return t.skip(skip);
  const impostor = openssl.authority({ subject: '/O=割符/CN=中間 CA 2', issuer: middle });
  const result = check(leaf, [impostor, middle], { publicRoots: [root.certificate] });
  assert.equal(found(result, 'CHAIN_BROKEN').severity, 'error');
  assert.equal(result.chain.length, 1);
  // Beside the right one it is only superfluous.
  assert.deepEqual(codes(check(leaf, [impostor, issuing, middle], { publicRoots: [root.certificate] })), [
    'CHAIN_UNRELATED',
  ]);
});

test('of a CA with two certificates the one that is valid is taken, and its root then belongs to the chain', (t) => {
  if (skip) return t.skip(skip);
  const cross = openssl.authority({
    subject: '/C=JP/O=割符/CN=試験ルート CA',
    keyOf: root,
    issuer: openssl.authority({ subject: '/CN=old root' }),
    days: 100,
  });
  const pool = [issuing, middle, root, cross];
  const today = check(leaf, pool);
  assert.deepEqual(
    stems(today.chain, leaf, issuing, middle, root, cross),
    [leaf, issuing, middle, cross].map(({ stem }) => stem),
  );
  assert.deepEqual(codes(today), ['ROOT_INCLUDED', 'PRIVATE_ROOT']);
  const later = check(leaf, pool, { now: new Date(Date.now() + 150 * dayMs) });
  assert.deepEqual(
    stems(later.chain, leaf, issuing, middle, root, cross),
    [leaf, issuing, middle].map(({ stem }) => stem),
  );
  assert.ok(!codes(later).includes('EXPIRED'));
});

test('certificates that sign each other in a circle end', (t) => {
  if (skip) return t.skip(skip);
  const one = openssl.authority({ subject: '/CN=one' });
  const two = openssl.authority({ subject: '/CN=two', issuer: one });
  const circle = openssl.authority({ subject: '/CN=one', keyOf: one, issuer: two });
  const result = check(openssl.server({ issuer: two }), [two, circle]);
  assert.equal(result.chain.length, 3);
  assert.equal(result.trust, 'unknown');
});

test('a missing key and a key of another certificate are errors, and CLB would refuse both', (t) => {
  if (skip) return t.skip(skip);
  const without = check(leaf, [issuing, middle], { publicRoots: [root.certificate], publicKey: undefined });
  assert.deepEqual(codes(without), ['KEY_MISSING']);
  assert.deepEqual(without.clb, { accepted: false, obstacles: ['KEY_MISSING'] });
  const wrong = check(leaf, [issuing, middle], {
    publicRoots: [root.certificate],
    publicKey: issuing.certificate.spki,
  });
  assert.deepEqual(codes(wrong), ['KEY_MISMATCH', 'KEY_BELONGS_TO']);
  assert.deepEqual(found(wrong, 'KEY_BELONGS_TO').data, { owner: 'CN=中間 CA 2, O=割符' });
  assert.deepEqual(wrong.clb.obstacles, ['KEY_MISMATCH']);
});

test('an EC key is the same key whether its point is written compressed or not', (t) => {
  if (skip) return t.skip(skip);
  const plain = openssl.server({ issuer: root, key: 'P-256' });
  const file = `${plain.stem}-compressed.key`;
  openssl.bench.openssl('ec', '-in', `${plain.stem}.key`, '-conv_form', 'compressed', '-out', file);
  const compressed = { ...plain, keyPem: Buffer.from(openssl.bench.read(file)).toString() };
  const made = openssl.server({ issuer: root, keyOf: compressed });
  assert.notDeepEqual(made.certificate.spki, plain.certificate.spki);
  const result = check(made, [], { publicRoots: [root.certificate], publicKey: plain.certificate.spki });
  assert.deepEqual(codes(result), ['CLB_ALGORITHM']);
  assert.ok(codes(check(made, [], { publicKey: root.certificate.spki })).includes('KEY_MISMATCH'));
});

test('expired, not yet valid and soon to expire are told for every member that clients are sent', (t) => {
  if (skip) return t.skip(skip);
  const brief = openssl.authority({ subject: '/CN=brief', issuer: root, days: 20 });
  const under = openssl.server({ issuer: brief, days: 100 });
  const at = (days: number): ServerCertificateCheck =>
    check(under, [brief], { publicRoots: [root.certificate], now: new Date(Date.now() + days * dayMs) });
  assert.deepEqual(codes(at(1)), []);
  assert.deepEqual(found(at(15), 'EXPIRES_SOON').data, {
    subject: 'CN=brief',
    notAfter: brief.certificate.notAfter.toISOString(),
    days: 4,
  });
  assert.equal(found(at(50), 'EXPIRED').data['subject'], 'CN=brief');
  assert.equal(found(at(80), 'EXPIRES_SOON').data['subject'], 'CN=www.example.com');
  assert.deepEqual(found(at(101), 'EXPIRED').severity, 'error');
  assert.equal(at(101).findings.filter(({ code }) => code === 'EXPIRED').length, 2);
  const early = at(-1);
  assert.deepEqual(codes(early), ['NOT_YET_VALID', 'NOT_YET_VALID']);
  assert.equal(found(early, 'NOT_YET_VALID').severity, 'warning');
});

test('hosts that are not covered are named, each once, with what is covered', (t) => {
  if (skip) return t.skip(skip);
  const result = check(leaf, [issuing, middle], {
    publicRoots: [root.certificate],
    hosts: ['www.example.com', 'example.com', '例え.jp', '192.0.2.1'],
  });
  assert.deepEqual(codes(result), ['NAME_NOT_COVERED', 'NAME_NOT_COVERED', 'NAME_NOT_COVERED']);
  assert.deepEqual(
    result.findings.map(({ data }) => data['host']),
    ['example.com', '例え.jp', '192.0.2.1'],
  );
  assert.equal(result.findings[0]!.data['names'], 'www.example.com');
});

test('a common name without subjectAltName is not enough, nor is one with an e-mail address only', (t) => {
  if (skip) return t.skip(skip);
  for (const san of ['', 'email:a@example.com'])
    assert.equal(
      found(check(openssl.server({ san, issuer: root }), [root], { hosts: ['www.example.com'] }), 'NO_SAN')
        .severity,
      'error',
    );
});

test('a certificate for other uses is refused with what it is for', (t) => {
  if (skip) return t.skip(skip);
  const uses = (...extensions: readonly string[]): ServerCertificateCheck =>
    check(openssl.server({ issuer: root, extensions }), [], { publicRoots: [root.certificate] });
  assert.deepEqual(
    found(uses('extendedKeyUsage=clientAuth,emailProtection'), 'NOT_FOR_SERVERS').data['usages'],
    'clientAuth, emailProtection',
  );
  assert.deepEqual(
    found(uses('keyUsage=nonRepudiation'), 'NOT_FOR_SERVERS').data['usages'],
    'nonRepudiation',
  );
  assert.deepEqual(codes(uses('extendedKeyUsage=anyExtendedKeyUsage')), []);
  assert.deepEqual(codes(uses('extendedKeyUsage=clientAuth,serverAuth', 'keyUsage=keyEncipherment')), []);
  assert.deepEqual(codes(uses()), []);
});

test('a CA certificate is no server certificate, and a self-signed one is warned of', (t) => {
  if (skip) return t.skip(skip);
  assert.deepEqual(codes(check(openssl.authority({ san: 'DNS:www.example.com' }), [])), [
    'IS_CA',
    'SELF_SIGNED',
  ]);
  const alone = check(openssl.server({}), []);
  assert.deepEqual(codes(alone), ['SELF_SIGNED']);
  assert.equal(alone.chain.length, 1);
  assert.equal(found(alone, 'SELF_SIGNED').severity, 'warning');
});

test('an issuer that is no CA is an error, but for a v1 root as the classic tutorial makes it', (t) => {
  if (skip) return t.skip(skip);
  const notAuthority = openssl.server({ subject: '/CN=not a CA' });
  assert.equal(
    found(check(openssl.server({ issuer: notAuthority }), [notAuthority]), 'ISSUER_NOT_CA').severity,
    'error',
  );
  const cannotSign = openssl.authority({
    subject: '/CN=cannot sign',
    extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,cRLSign'],
  });
  assert.ok(found(check(openssl.server({ issuer: cannotSign }), [cannotSign]), 'ISSUER_NOT_CA'));
  const ancient = openssl.authority({ subject: '/CN=v1', extensions: [] });
  assert.equal(ancient.certificate.version, 1);
  assert.deepEqual(codes(check(openssl.server({ issuer: ancient }), [ancient])), [
    'ROOT_INCLUDED',
    'PRIVATE_ROOT',
  ]);
});

test('a leaf that carries the name of its CA is still put under it, as openssl does, with a warning', (t) => {
  if (skip) return t.skip(skip);
  const twin = openssl.server({ subject: '/C=JP/O=割符/CN=試験ルート CA', issuer: root });
  const result = check(twin, [root]);
  assert.deepEqual(codes(result), ['SAME_NAME_AS_ISSUER', 'ROOT_INCLUDED', 'PRIVATE_ROOT']);
  assert.equal(result.findings[0]!.severity, 'warning');
  openssl.bench.run('openssl', 'verify', '-CAfile', `${root.stem}.crt`, `${twin.stem}.crt`);
});

test('MD5 and SHA-1 signatures are refused, on the leaf and in between, but not on the root', (t) => {
  if (skip) return t.skip(skip);
  const weakRoot = openssl.authority({ subject: '/CN=SHA-1 root', digest: 'sha1' });
  const weakMiddle = openssl.authority({ subject: '/CN=SHA-1 CA', issuer: weakRoot, digest: 'sha1' });
  const result = check(openssl.server({ issuer: weakMiddle, digest: 'md5' }), [weakRoot, weakMiddle]);
  assert.deepEqual(codes(result), ['WEAK_SIGNATURE', 'WEAK_SIGNATURE', 'ROOT_INCLUDED', 'PRIVATE_ROOT']);
  assert.deepEqual(
    result.findings.slice(0, 2).map(({ data }) => data['algorithm']),
    ['MD5 with RSA', 'SHA-1 with RSA'],
  );
  assert.equal(result.chain.length, 2);
});

test('RSA below 2048 bits is refused although CLB takes 1024', (t) => {
  if (skip) return t.skip(skip);
  const result = check(openssl.server({ issuer: root, key: 'RSA-1024' }), [], {
    publicRoots: [root.certificate],
  });
  assert.deepEqual(found(result, 'RSA_TOO_SMALL').data, { subject: 'CN=www.example.com', bits: 1024 });
  assert.ok(result.clb.accepted);
});

test('EC and RSA-3072 work elsewhere but not on CLB, which is said with the reason', (t) => {
  if (skip) return t.skip(skip);
  for (const [key, text] of [
    ['P-256', 'EC P-256'],
    ['P-384', 'EC P-384'],
    ['RSA-3072', 'RSA 3072'],
  ] as const) {
    const result = check(openssl.server({ issuer: root, key }), [], { publicRoots: [root.certificate] });
    assert.deepEqual(codes(result), ['CLB_ALGORITHM']);
    assert.deepEqual(result.findings[0]!.data, { key: text });
    assert.equal(result.findings[0]!.severity, 'warning');
    assert.deepEqual(result.clb, { accepted: false, obstacles: ['CLB_ALGORITHM'] });
  }
});

test('an EC CA may stand above an RSA leaf: CLB looks at the leaf', (t) => {
  if (skip) return t.skip(skip);
  const ecRoot = openssl.authority({ subject: '/CN=EC root', key: 'P-521' });
  const result = check(openssl.server({ issuer: ecRoot }), [ecRoot]);
  assert.deepEqual(codes(result), ['ROOT_INCLUDED', 'PRIVATE_ROOT']);
  assert.ok(result.clb.accepted);
});

test('the runtime brings the roots that browsers trust, and they complete a chain', () => {
  const roots = publicRoots();
  assert.ok(roots.length > 100, `${roots.length} roots`);
  // A root stands in for a certificate that it has signed: itself.
  const one = roots.find(({ subject }) => subject.rdns.flat().some(({ value }) => value === 'ISRG Root X1'))!;
  assert.equal(
    checkServerCertificate({ leaf: one, pool: [], now: new Date(), publicKey: one.spki }).trust,
    'public',
  );
});
