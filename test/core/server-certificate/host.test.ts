import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { Problem } from '../../../contract/problem.ts';
import { covers, hostsOf, parseHost } from '../../../core/server-certificate/host.ts';
import { missing } from '../x509/tool-bench.ts';
import { type Made, OpensslAuthority } from './openssl-authority.ts';

const skip = missing('openssl');
const openssl = new OpensslAuthority();
let made: Made;
before(() => {
  if (skip) return;
  const san =
    'DNS:example.com,DNS:*.example.com,DNS:WWW.Other.example,DNS:xn--r8jz45g.jp,DNS:*.com,IP:192.0.2.1,IP:2001:db8::1,email:a@example.net';
  made = openssl.server({ san });
});
after(() => openssl.remove());

const coversHost = (host: string): boolean =>
  hostsOf(made.certificate).some((name) => covers(name, parseHost(host)));

test('hosts are covered by RFC 9525, as openssl says too', (t) => {
  if (skip) return t.skip(skip);
  const verdicts: Readonly<Record<string, boolean>> = {
    'example.com': true,
    'www.example.com': true,
    'WWW.EXAMPLE.COM': true,
    'a.b.example.com': false,
    'www.other.example': true,
    'sub.www.other.example': false,
    'example.org': false,
    'example.net': false,
    'wwwexample.com': false,
    '192.0.2.1': true,
    '192.0.2.2': false,
    '2001:db8::1': true,
    '2001:db8::2': false,
  };
  for (const [host, expected] of Object.entries(verdicts)) {
    assert.equal(coversHost(host), expected, host);
    if (host === 'wwwexample.com') continue; // openssl lets *.com cover it; browsers do not.
    const option = /^[0-9.]+$|:/.test(host) ? '-checkip' : '-checkhost';
    const says = openssl.bench.run('openssl', 'x509', '-in', `${made.stem}.crt`, '-noout', option, host);
    assert.equal(/does match/.test(says), expected, `openssl on ${host}: ${says}`);
  }
});

test('international names, trailing dots and other spellings of an address are the same host', (t) => {
  if (skip) return t.skip(skip);
  for (const host of [
    '例え.jp',
    'XN--R8JZ45G.JP',
    '例え。jp',
    'www.example.com.',
    '[2001:db8::1]',
    '2001:DB8:0:0:0:0:0:1',
    '*.example.com',
  ])
    assert.ok(coversHost(host), host);
  assert.ok(!coversHost('*.www.other.example'));
  assert.ok(!coversHost('com'));
});

test('what is no host is refused with its words', () => {
  for (const text of [
    '',
    ' ',
    'https://example.com',
    'example.com:443',
    'a b.example',
    '2130706433',
    '0x7f.1',
    'fe80::1%eth0',
    'exa*mple.com',
    '*',
    '-a.example',
    `${'a'.repeat(64)}.example`,
    '..',
  ]) {
    assert.throws(
      () => parseHost(text),
      (error: unknown) => error instanceof Problem && error.code === 'VALUE_INVALID',
      text,
    );
  }
});

test('for any name and host the verdict is that of node:crypto', (t) => {
  if (skip) return t.skip(skip);
  const crypto = new X509Certificate(made.pem);
  const label = fc.constantFrom('www', 'a', 'example', 'other', 'com', 'xn--r8jz45g', 'jp', 'example-x');
  fc.assert(
    fc.property(fc.array(label, { minLength: 2, maxLength: 4 }), (labels) => {
      const host = labels.join('.');
      // Node's checker, like openssl, lets *.com cover example.com.
      if (labels.length === 2 && labels[1] === 'com') return;
      const expected =
        crypto.checkHost(host, {
          subject: 'never',
          wildcards: true,
          partialWildcards: false,
          multiLabelWildcards: false,
        }) !== undefined;
      assert.equal(coversHost(host), expected, host);
    }),
  );
});
