import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type Certificate,
  certificatePem,
  parseCertificate,
  readCertificates,
} from '../../../core/x509/certificate.ts';
import { isAuthority, orderChain } from '../../../core/x509/chain.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  extKeyUsage,
  keyUsage,
  subjectKeyIdentifier,
} from '../../../core/x509/extensions.ts';
import { generatePrivateKey, keyIdentifier, type Signer, signerFor } from '../../../core/x509/key.ts';
import { buildName, commonName, parseNameText } from '../../../core/x509/name.ts';
import { Oid } from '../../../core/x509/oids.ts';
import { assertBounded } from './hostile.ts';
import { leafTemplate, makeAuthority, sign } from './issued.ts';
import { missing, ToolBench } from './tool-bench.ts';

const bench = new ToolBench();
after(() => bench.remove());

const base = await makeAuthority('ec-p256', 'CN=Root');
const keys = await Promise.all(Array.from({ length: 4 }, () => generatePrivateKey('ec-p256')));
const [oneKey, twoKey, leafKey, otherKey] = keys.map((key) => signerFor(key)) as [
  Signer,
  Signer,
  Signer,
  Signer,
];

function authorityUnder(
  issuer: { name: string; signer: Signer },
  name: string,
  signer: Signer,
  ca = true,
): Certificate {
  const id = keyIdentifier(signer.spki);
  const template = leafTemplate(base, signer.spki);
  const extensions = [
    basicConstraints({ ca, pathLength: null }),
    ...(ca ? [keyUsage('keyCertSign', 'cRLSign')] : [extKeyUsage(Oid.serverAuth)]),
    subjectKeyIdentifier(id),
    authorityKeyIdentifier(keyIdentifier(issuer.signer.spki)),
  ];
  return parseCertificate(
    sign(
      { ...template, issuer: parseNameText(issuer.name), subject: parseNameText(name), extensions },
      issuer.signer,
    ),
  );
}

/** A root without the path length of Warifu's own, which sign leaves only. */
const root = {
  ...base,
  certificate: authorityUnder({ name: 'CN=Root', signer: base.signer }, 'CN=Root', base.signer),
};
const one = authorityUnder({ name: 'CN=Root', signer: root.signer }, 'CN=One', oneKey);
const two = authorityUnder({ name: 'CN=One', signer: oneKey }, 'CN=Two', twoKey);
const leaf = authorityUnder({ name: 'CN=Two', signer: twoKey }, 'CN=www.example.com', leafKey, false);
const names = (chain: readonly Certificate[]): string[] => chain.map(({ subject }) => commonName(subject));

test('certificates in any order become leaf, intermediates, root, as openssl verifies them', {
  skip: missing('openssl'),
}, () => {
  for (const pool of [
    [root.certificate, one, two],
    [two, root.certificate, one],
    [leaf, one, leaf, two, root.certificate, one],
  ]) {
    const ordered = orderChain(leaf, pool);
    assert.deepEqual(names(ordered.chain), ['www.example.com', 'Two', 'One', 'Root']);
    assert.equal(ordered.complete, true);
    assert.deepEqual(ordered.unused, []);
    const pem = ordered.chain.map(({ der }) => certificatePem(der));
    bench.write('leaf.pem', pem[0]!);
    bench.write('middle.pem', pem.slice(1, -1).join(''));
    bench.write('root.pem', pem.at(-1)!);
    assert.match(
      bench.run(
        'openssl',
        'verify',
        '-x509_strict',
        '-CAfile',
        'root.pem',
        '-untrusted',
        'middle.pem',
        'leaf.pem',
      ),
      /OK/,
    );
  }
});

test('what is missing and what is not needed is said', () => {
  const gap = orderChain(leaf, [one, root.certificate]);
  assert.deepEqual(
    [names(gap.chain), gap.complete, names(gap.unused)],
    [['www.example.com'], false, ['One', 'Root']],
  );
  const rootless = orderChain(leaf, [one, two]);
  assert.deepEqual([names(rootless.chain), rootless.complete], [['www.example.com', 'Two', 'One'], false]);
  const alone = orderChain(root.certificate, [leaf]);
  assert.deepEqual(
    [names(alone.chain), alone.complete, names(alone.unused)],
    [['Root'], true, ['www.example.com']],
  );
});

test('a certificate with the right name and another key is not in the chain', () => {
  const impostor = authorityUnder({ name: 'CN=One', signer: oneKey }, 'CN=Two', otherKey);
  const ordered = orderChain(leaf, [impostor, two, one, root.certificate]);
  assert.deepEqual(names(ordered.chain), ['www.example.com', 'Two', 'One', 'Root']);
  assert.equal(ordered.chain[1], two);
  assert.deepEqual(ordered.unused, [impostor]);
});

test('of a root and its cross-signed twin the root ends the chain', () => {
  const twin = authorityUnder({ name: 'CN=Elsewhere', signer: otherKey }, 'CN=Root', root.signer);
  for (const pool of [
    [twin, root.certificate, one, two],
    [one, two, root.certificate, twin],
  ]) {
    const ordered = orderChain(leaf, pool);
    assert.equal(ordered.complete, true);
    assert.deepEqual(ordered.unused, [twin]);
  }
  const without = orderChain(leaf, [twin, one, two]);
  assert.deepEqual(
    [names(without.chain), without.complete],
    [['www.example.com', 'Two', 'One', 'Root'], false],
  );
});

test('CAs that signed each other in a circle end', () => {
  const a = authorityUnder({ name: 'CN=B', signer: twoKey }, 'CN=A', oneKey);
  const b = authorityUnder({ name: 'CN=A', signer: oneKey }, 'CN=B', twoKey);
  const ordered = orderChain(a, [a, b]);
  assert.deepEqual([names(ordered.chain), ordered.complete], [['A', 'B'], false]);
});

test('a self-issued certificate of a new key is followed to the old one', () => {
  const rolled = authorityUnder({ name: 'CN=Root', signer: root.signer }, 'CN=Root', otherKey);
  const below = authorityUnder({ name: 'CN=Root', signer: otherKey }, 'CN=x', leafKey, false);
  const ordered = orderChain(below, [root.certificate, rolled]);
  assert.deepEqual([names(ordered.chain), ordered.complete], [['x', 'Root', 'Root'], true]);
  assert.equal(ordered.chain[1], rolled);
});

test('names that differ in string type, case or spaces chain, as RFC 5280 §7.1 has it', () => {
  const issuerAsWritten = buildName([
    [{ type: '2.5.4.10', value: 'ACME  Japan' }],
    [{ type: '2.5.4.3', value: 'two' }],
  ]);
  const subject = buildName([
    [{ type: '2.5.4.10', value: 'Acme Japan' }],
    [{ type: '2.5.4.3', value: 'Two' }],
  ]);
  const template = leafTemplate(root, twoKey.spki);
  const middle = parseCertificate(
    sign({ ...template, issuer: root.certificate.subject, subject }, root.signer),
  );
  const below = parseCertificate(
    sign({ ...leafTemplate(root, leafKey.spki), issuer: issuerAsWritten }, twoKey),
  );
  assert.deepEqual(orderChain(below, [middle]).chain.length, 2);
});

test('a pool of look-alikes costs a bounded number of signatures', () => {
  const lookAlikes = Array.from({ length: 400 }, () =>
    authorityUnder({ name: 'CN=One', signer: oneKey }, 'CN=Two', otherKey),
  );
  assertBounded(() => assert.equal(orderChain(leaf, lookAlikes).chain.length, 1), 2000);
});

test('a chain longer than ten is cut off', () => {
  let issuer = { name: 'CN=0', signer: oneKey };
  const pool: Certificate[] = [];
  for (let i = 1; i <= 14; i++) {
    pool.push(authorityUnder(issuer, `CN=${i}`, oneKey));
    issuer = { name: `CN=${i}`, signer: oneKey };
  }
  assert.equal(orderChain(pool.at(-1)!, pool).chain.length, 10);
});

test('roots signed with SHA-1 are no complete chain, and no error', { skip: missing('openssl') }, () => {
  bench.openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-sha1',
    '-keyout',
    'old.key',
    '-out',
    'old.pem',
    '-subj',
    '/CN=Old',
  );
  const [old] = readCertificates(bench.read('old.pem'));
  assert.deepEqual(orderChain(old!, []), { chain: [old], unused: [], complete: false });
});

test('a CA is known by basicConstraints; a version 1 root is none', { skip: missing('openssl') }, () => {
  assert.deepEqual([root.certificate, one, leaf].map(isAuthority), [true, true, false]);
  bench.openssl(
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'v1.key',
    '-out',
    'v1.csr',
    '-subj',
    '/CN=V1',
  );
  bench.openssl('x509', '-req', '-in', 'v1.csr', '-signkey', 'v1.key', '-out', 'v1.pem');
  assert.equal(isAuthority(readCertificates(bench.read('v1.pem'))[0]!), false);
});
