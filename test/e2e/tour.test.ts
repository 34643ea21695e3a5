import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { PrivateNginx } from './private-nginx.ts';
import { Desk, tool } from './warifu.ts';

const desk = new Desk('tour');
const kept = desk.path('keep');
const file = (name: string): string => `${kept}/${name}`;
// biome-ignore lint/suspicious/noExplicitAny: JSON of the command
let result: any;
let seconds = 0;

before(() => {
  const started = performance.now();
  result = desk.json('tour', '--keep', kept);
  seconds = (performance.now() - started) / 1000;
});
after(() => desk[Symbol.dispose]());

const observed = (step: number, check: string): string =>
  result.steps[step - 1].evidence.find((item: { check: string }) => item.check === check).observed;

test('the tour does all seven steps, with evidence for each, in under a minute', () => {
  assert.equal(result.ok, true);
  assert.deepEqual(
    result.steps.map((step: { step: number; status: string }) => [step.step, step.status]),
    [1, 2, 3, 4, 5, 6, 7].map((step) => [step, 'done']),
  );
  for (const step of result.steps) assert.ok(step.title.length > 0 && step.evidence.length > 0);
  assert.ok(seconds < 60, `${seconds} s`);
});

test('the listener lets the right certificate in, from each backend ten times, and refuses every other', () => {
  assert.match(observed(7, 'right-certificate'), /^200/);
  assert.match(observed(7, 'requests-spread-evenly'), /20 requests: \S+ 10, \S+ 10$/);
  assert.equal(observed(7, 'no-certificate'), '400 No required SSL certificate was sent');
  for (const wrong of ['wrong-ca', 'expired', 'not-yet-valid', 'server-auth-only'])
    assert.equal(observed(7, wrong), '400 The SSL certificate error');
});

test('what it leaves is complete, and secrets are readable by their owner alone', () => {
  for (const name of [
    'ca.crt',
    'ca.crl',
    'server-chain.pem',
    'client.crt',
    'client.p12',
    'client.p12.password',
  ])
    assert.ok(statSync(file(name)).size > 0, name);
  assert.equal(statSync(file('client.p12.password')).mode & 0o777, 0o600);
  assert.equal(statSync(file('home')).mode & 0o777, 0o700);
  assert.equal(result.artifacts.home, file('home'));
});

test('openssl accepts certificate and CRL, strictly, for a TLS client', () => {
  const said = tool(
    'openssl',
    'verify',
    '-x509_strict',
    '-purpose',
    'sslclient',
    '-crl_check',
    '-CAfile',
    file('ca.crt'),
    '-CRLfile',
    file('ca.crl'),
    file('client.crt'),
  );
  assert.match(said, /: OK/);
  assert.match(
    tool(
      'openssl',
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-CAfile',
      file('ca.crt'),
      file('server-chain.pem'),
    ),
    /: OK/,
  );
});

test('openssl 3 opens the PKCS#12 without -legacy', () => {
  const said = tool(
    'openssl',
    'pkcs12',
    '-info',
    '-in',
    file('client.p12'),
    '-passin',
    `file:${file('client.p12.password')}`,
    '-nodes',
  );
  assert.match(said, /Microsoft CSP Name: Microsoft Software Key Storage Provider/);
  assert.match(said, /friendlyName: Tour Client/);
  assert.equal(said.match(/BEGIN CERTIFICATE/g)?.length, 2);
});

test('certtool verifies the chain', () => {
  const chain = desk.write(
    'client-chain.pem',
    readFileSync(file('client.crt'), 'utf8') + readFileSync(file('ca.crt'), 'utf8'),
  );
  assert.match(
    tool('certtool', '--verify', '--load-ca-certificate', file('ca.crt'), '--infile', chain),
    /Verified/,
  );
});

test('keytool lists the PKCS#12', () => {
  const said = tool(
    'keytool',
    '-list',
    '-storetype',
    'PKCS12',
    '-keystore',
    file('client.p12'),
    '-storepass:file',
    file('client.p12.password'),
  );
  assert.match(said, /PrivateKeyEntry/);
});

test('NSS imports the PKCS#12', () => {
  const database = desk.path('nss');
  tool('mkdir', database);
  tool('certutil', '-N', '-d', `sql:${database}`, '--empty-password');
  assert.match(
    tool(
      'pk12util',
      '-i',
      file('client.p12'),
      '-d',
      `sql:${database}`,
      '-w',
      file('client.p12.password'),
      '-K',
      '',
    ),
    /IMPORT SUCCESSFUL/,
  );
});

test('nginx admits the certificate, and refuses it once it is revoked and the CRL is published', async () => {
  const home = ['--home', file('home'), '--passphrase-file', desk.passphraseFile];
  const key = desk.path('client.key');
  tool(
    'openssl',
    'pkcs12',
    '-in',
    file('client.p12'),
    '-passin',
    `file:${file('client.p12.password')}`,
    '-nodes',
    '-nocerts',
    '-out',
    key,
  );
  await using nginx = await PrivateNginx.start(desk.path('nginx'), {
    ca: file('ca.crt'),
    crl: file('ca.crl'),
  });
  assert.match(await nginx.get(file('client.crt'), key), /^200/);
  assert.match(await nginx.get(), /^400 .*No required SSL certificate was sent/s);
  desk.json(...home, 'cert', 'revoke', 'Tour Client', '--reason', 'keyCompromise');
  desk.json(...home, 'crl', 'publish', 'Tour client CA', '--out', file('ca.crl'), '--force');
  await nginx.reload();
  assert.match(await nginx.get(file('client.crt'), key), /^400 .*The SSL certificate error/s);
});

test('a second tour into the same place is refused and touches nothing', () => {
  const { code, stdout } = desk.run('--json', 'tour', '--keep', kept);
  assert.equal(code, 3);
  assert.equal(JSON.parse(stdout).problem.code, 'FILE_EXISTS');
});
