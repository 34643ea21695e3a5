import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { before, test } from 'node:test';
import { type DesiredRolloutInput, desiredRollout } from '../../../contract/rollout.ts';
import { checkAgainstClb, clbCertificates, clbPrivateKey } from '../../../core/rollout/clb-rules.ts';
import { certificatePem } from '../../../core/x509/certificate.ts';
import { basicConstraints, keyUsage } from '../../../core/x509/extensions.ts';
import { type Made, makeCa, makeCertificate, makeServer } from './certificates.ts';

let ca: Made;
let otherCa: Made;
let server: Made;
before(async () => {
  [ca, otherCa] = await Promise.all([makeCa('CN=Rules CA'), makeCa('CN=Other CA')]);
  server = await makeServer('www.example.com', ca);
});

const desired = (change: Partial<DesiredRolloutInput> = {}) =>
  desiredRollout.parse({
    regionId: 'ap-northeast-1',
    loadBalancer: { create: { name: 'warifu' } },
    serverCertificate: { name: 'web', chainPem: server.pem },
    caCertificate: { name: 'clients', pem: ca.pem },
    backends: [{ serverId: 'i-1' }],
    ...change,
  });
const check = (change: Partial<DesiredRolloutInput> = {}) =>
  checkAgainstClb(desired(change), new Date()).map(({ code }) => code);

test('what CLB takes passes', () => {
  assert.deepEqual(check(), []);
  assert.deepEqual(
    check({ serverCertificate: { name: 'web', chainPem: `text before\n${server.pem}\n\n${ca.pem}` } }),
    [],
  );
});

for (const algorithm of ['rsa-3072', 'ec-p256', 'ec-p384'] as const)
  test(`an ${algorithm} key is refused, for the server and for the CA`, async () => {
    const [odd, oddCa] = await Promise.all([
      makeServer('www.example.com', ca, { algorithm }),
      makeCa('CN=Odd CA', { algorithm }),
    ]);
    assert.deepEqual(check({ serverCertificate: { name: 'web', chainPem: odd.pem } }), ['CLB_KEY_REFUSED']);
    assert.deepEqual(check({ caCertificate: { name: 'clients', pem: oddCa.pem } }), ['CLB_KEY_REFUSED']);
  });

test('the CA must be one certificate, of a CA, and not of the same name as the server', async () => {
  const named = await makeCa('CN=www.example.com');
  const noSign = await makeCa('CN=No Sign', {
    extensions: [basicConstraints({ ca: true, pathLength: null }), keyUsage('cRLSign')],
  });
  const bare = await makeCertificate('CN=Bare', undefined, { extensions: [keyUsage('keyCertSign')] });
  const withCa = (pem: string) => check({ caCertificate: { name: 'clients', pem } });
  assert.deepEqual(withCa(ca.pem + otherCa.pem), ['CLB_CA_NOT_ONE']);
  assert.deepEqual(withCa(bare.pem), ['CLB_CA_NOT_A_CA']);
  assert.deepEqual(withCa(noSign.pem), ['CLB_CA_NOT_A_CA']);
  assert.deepEqual(withCa(named.pem), ['CLB_CA_NAME_CLASH']);
});

test('a chain out of order is refused with the place where it breaks', () => {
  const [problem, ...others] = checkAgainstClb(
    desired({ serverCertificate: { name: 'web', chainPem: server.pem + otherCa.pem + ca.pem } }),
    new Date(),
  );
  assert.deepEqual(
    [problem?.code, problem?.data, others],
    ['CLB_CHAIN_BROKEN', { certificate: 'www.example.com', position: 1 }, []],
  );
});

test('a private key among the certificates is refused, and not repeated', () => {
  const key = createPrivateKey({ key: Buffer.from(server.key), format: 'der', type: 'pkcs8' }).export({
    type: 'pkcs8',
    format: 'pem',
  });
  const problems = checkAgainstClb(
    desired({ serverCertificate: { name: 'web', chainPem: `${server.pem}${key}` } }),
    new Date(),
  );
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['CLB_CHAIN_HOLDS_KEY'],
  );
  assert.ok(!JSON.stringify(problems).includes(String(key).split('\n')[1]!));
});

test('expired and not yet valid certificates are refused', () => {
  const at = (days: number) =>
    checkAgainstClb(desired(), new Date(Date.now() + days * 86_400_000)).map(({ code }) => code);
  assert.deepEqual(at(60), ['CLB_CERTIFICATE_DATES', 'CLB_CERTIFICATE_DATES']);
  assert.deepEqual(at(-60), ['CLB_CERTIFICATE_DATES', 'CLB_CERTIFICATE_DATES']);
});

test('names are those that the API takes', () => {
  const named = (name: string) => check({ loadBalancer: { create: { name } } });
  for (const name of ['a', 'warifu-1.b_c', `a${'x'.repeat(79)}`]) assert.deepEqual(named(name), [], name);
  for (const name of ['', '1a', '-a', 'a b', '割符', `a${'x'.repeat(80)}`, 'a/b'])
    assert.deepEqual(named(name), ['CLB_NAME_REFUSED'], name);
});

test('the health check has a real path', () => {
  const uri = (value: string) => check({ listener: { healthCheck: { uri: value } } });
  for (const value of ['/healthz', '/a/b.html?x#y', `/${'a'.repeat(79)}`])
    assert.deepEqual(uri(value), [], value);
  for (const value of ['/', '', 'healthz', '/a b', `/${'a'.repeat(80)}`, '/日本'])
    assert.deepEqual(uri(value), ['HEALTH_CHECK_URI_REFUSED'], value);
  assert.deepEqual(check({ listener: { healthCheck: { on: false, uri: '/' } } }), []);
});

test('an internal load balancer needs a vSwitch', () => {
  const create = { name: 'inside', addressType: 'intranet' } as const;
  assert.deepEqual(check({ loadBalancer: { create } }), ['VSWITCH_REQUIRED']);
  assert.deepEqual(check({ loadBalancer: { create: { ...create, vSwitchId: 'vsw-1' } } }), []);
});

test('everything that is wrong is said at once', () => {
  const found = check({
    serverCertificate: { name: '1', chainPem: server.pem },
    caCertificate: { name: 'clients', pem: server.pem },
    listener: { healthCheck: { uri: '/' } },
  });
  assert.deepEqual(found, [
    'CLB_NAME_REFUSED',
    'HEALTH_CHECK_URI_REFUSED',
    'CLB_CA_NOT_A_CA',
    'CLB_CA_NAME_CLASH',
  ]);
});

test('text that is no certificate ends in a typed error', () => {
  for (const chainPem of ['', 'hello', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])
    assert.throws(
      () => checkAgainstClb(desired({ serverCertificate: { name: 'web', chainPem } }), new Date()),
      { name: 'X509Error' },
    );
});

test('what is uploaded is PEM of 64 columns without blank lines, known by the fingerprints that OpenSSL computes', () => {
  const messy = `junk\r\n\r\n${server.pem.replaceAll('\n', '\r\n')}\r\n\r\n${ca.pem}`;
  const form = clbCertificates(desired({ serverCertificate: { name: 'web', chainPem: messy } })).server;
  assert.equal(form.pem, server.pem + ca.pem);
  const judge = new X509Certificate(server.pem);
  assert.equal(form.sha1.toUpperCase(), judge.fingerprint);
  assert.equal(form.sha256, judge.fingerprint256.replaceAll(':', '').toLowerCase());
});

test('the key goes out as PKCS#1, from PKCS#8 or PEM alike; the wrong one does not', () => {
  const pkcs8 = createPrivateKey({ key: Buffer.from(server.key), format: 'der', type: 'pkcs8' });
  const expected = pkcs8.export({ type: 'pkcs1', format: 'pem' });
  assert.equal(clbPrivateKey(desired(), Uint8Array.from(server.key)), expected);
  assert.equal(
    clbPrivateKey(desired(), Buffer.from(pkcs8.export({ type: 'pkcs8', format: 'pem' }))),
    expected,
  );
  assert.throws(() => clbPrivateKey(desired(), Uint8Array.from(otherCa.key)), { code: 'KEY_MISMATCH' });
  assert.ok(certificatePem(new X509Certificate(server.pem).raw) === server.pem);
});
