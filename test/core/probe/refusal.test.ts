import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { refusalReason, refusalText } from '../../../contract/probe.ts';
import { explainRefusal, type RefusalContext } from '../../../core/probe/refusal.ts';
import { readCertificates } from '../../../core/x509/certificate.ts';
import { OpensslPki } from './openssl-pki.ts';

const clientProfile = 'extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature';
let pki: OpensslPki;
let imitation: OpensslPki;

before(() => {
  pki = new OpensslPki();
  imitation = new OpensslPki();
});
after(() => {
  pki.remove();
  imitation.remove();
});

const reasons = (certificate: Uint8Array, context: Partial<RefusalContext> = {}): readonly string[] =>
  explainRefusal(certificate, {
    now: new Date(),
    advertisedNames: undefined,
    caCertificate: pki.ca.certificate,
    ...context,
  }).map(({ reason }) => reason);

test('finds nothing wrong with a good certificate', () => {
  const good = pki.issue({ subject: '/CN=ok', extensions: clientProfile });
  const [ca] = readCertificates(pki.ca.certificate);
  assert.deepEqual(reasons(good.certificate, { advertisedNames: [ca!.subject.der] }), []);
  assert.deepEqual(reasons(good.certificate, { advertisedNames: [] }), []);
});

test('tells a CA of the same name with another key from the right one', () => {
  const faked = imitation.issue({ subject: '/CN=fake', extensions: clientProfile });
  assert.deepEqual(reasons(faked.certificate), ['other-ca-key']);
});

test('tells a certificate that bears the name of its CA', () => {
  const same = pki.issue({ subject: '/O=割符/CN=試験 CA', extensions: clientProfile });
  assert.deepEqual(reasons(same.certificate), ['same-name-as-ca']);
});

test('tells weak signatures, short keys and key usage', () => {
  const weak = pki.issue({
    subject: '/CN=weak',
    extensions: 'keyUsage=keyEncipherment',
    key: 'rsa:1024',
    digest: 'md5',
  });
  assert.deepEqual(reasons(weak.certificate), ['key-usage', 'weak-signature', 'weak-key']);
  const sha1 = pki.issue({ subject: '/CN=sha1', extensions: clientProfile, digest: 'sha1' });
  assert.deepEqual(reasons(sha1.certificate), ['weak-signature']);
});

test('follows an intermediate to the CA, and notices when the CA cannot be one or has ended', () => {
  const middle = pki.issue({
    subject: '/CN=middle',
    extensions: 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign',
    key: 'rsa:2048',
  });
  const base = `${pki.directory}/under-middle`;
  pki.run(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${base}.key`,
    '-subj',
    '/CN=leaf',
    '-out',
    `${base}.csr`,
  );
  writeFileSync(`${base}.ext`, clientProfile);
  pki.run(
    'x509',
    '-req',
    '-in',
    `${base}.csr`,
    '-CA',
    middle.certificateFile,
    '-CAkey',
    middle.keyFile,
    '-days',
    '9',
    '-extfile',
    `${base}.ext`,
    '-out',
    `${base}.crt`,
  );
  const [leaf] = readCertificates(readFileSync(`${base}.crt`));
  assert.deepEqual(reasons(leaf!.der, { intermediates: [middle.certificate] }), []);
  assert.deepEqual(reasons(leaf!.der), ['other-ca']);
  assert.deepEqual(
    reasons(leaf!.der, { intermediates: [middle.certificate], now: new Date(Date.now() + 200 * 86_400_000) }),
    ['expired', 'ca-expired'],
  );
  const notCa = pki.issue({ subject: '/CN=not a CA', extensions: clientProfile, key: 'rsa:2048' });
  pki.run(
    'x509',
    '-req',
    '-in',
    `${base}.csr`,
    '-CA',
    notCa.certificateFile,
    '-CAkey',
    notCa.keyFile,
    '-days',
    '9',
    '-extfile',
    `${base}.ext`,
    '-out',
    `${base}2.crt`,
  );
  const [orphan] = readCertificates(readFileSync(`${base}2.crt`));
  assert.deepEqual(reasons(orphan!.der, { caCertificate: notCa.certificate }), ['ca-not-authority']);
});

test('calls bytes that are no certificate unreadable', () => {
  for (const bytes of [new Uint8Array(), Buffer.from('hello'), pki.ca.certificate.subarray(0, 300)])
    assert.deepEqual(reasons(bytes), ['unreadable']);
});

test('every reason has words in every language', () => {
  for (const reason of refusalReason.options)
    for (const language of ['en', 'ja', 'zh-CN'] as const)
      assert.match(refusalText[reason][language], /\{\{detail\}\}/);
});
