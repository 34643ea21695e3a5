import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify, type RefusalClass } from '../../../core/slb/errors.ts';
import { redact } from '../../../core/slb/redact.ts';

const rows: readonly (readonly [RefusalClass, number, string, string?])[] = [
  ['busy', 449, 'SystemBusy'],
  ['busy', 400, 'OperationBusy'],
  ['busy', 400, 'ServiceIsConfiguring'],
  ['busy', 409, 'ServiceIsStopping'],
  ['busy', 409, 'BackendServer.configuring'],
  ['busy', 400, 'VServerGroupProcessing'],
  ['busy', 400, 'OperationFailed.ListenerStatusNotSupport'],
  ['busy', 400, 'OperationFailed.TokenIsProcessing'],
  ['busy', 400, 'Operation.Deny', 'The specified listener is configuring, please try again later.'],
  ['throttled', 400, 'Throttling'],
  ['throttled', 503, 'Throttling.User'],
  ['throttled', 400, 'Throttling.Api'],
  ['throttled', 400, 'Rejected.Throttling'],
  ['nonce', 400, 'SignatureNonceUsed'],
  ['gone', 404, 'ServerCertificateId.NotFound'],
  ['gone', 400, 'CACertificateId.NotFound'],
  ['gone', 404, 'ListenerNotFound'],
  ['gone', 404, 'InvalidLoadBalancerId.NotFound'],
  ['gone', 400, 'InvalidParameter', 'The specified resource does not exist.'],
  ['in-use', 400, 'CertificateAndPrivateKeyIsRefered'],
  ['in-use', 400, 'RspoolVipExist'],
  ['in-use', 400, 'ListenerForwardExist'],
  ['exists', 400, 'ListenerAlreadyExists'],
  ['bad-certificate', 400, 'KeyFormatError'],
  ['bad-certificate', 400, 'PrivateKeyEncryption', 'Key has Encrypted .'],
  ['bad-certificate', 400, 'CertificateNotMatchPrivateKey'],
  ['bad-certificate', 400, 'InvalidParameter', 'The specified parameter ServerCertificate format is error.'],
  ['bad-certificate', 400, 'InvalidParameter', 'The specified parameter key format is error.'],
  ['bad-certificate', 400, 'InvalidParameter', 'The specified parameter ServerCertificateId is not Support.'],
  ['refused', 400, 'InvalidParameter', 'The specified port is not valid.'],
  ['quota', 400, 'OverQuota'],
  ['quota', 400, 'ListenerNumberOverLimit'],
  ['quota', 400, 'VipTooManyListeners'],
  ['quota', 400, 'ORDER.QUOTA_EXCEEDED'],
  ['account', 400, 'ORDER.ARREARAGE'],
  ['account', 400, 'PAY.NO_CREDIT_CARD'],
  ['account', 400, 'AccountHasArrearage'],
  ['denied', 403, 'Forbidden'],
  ['denied', 403, 'Forbidden.RAM'],
  ['denied', 403, 'Forbbiden.SubUser'],
  ['denied', 404, 'InvalidAccessKeyId.NotFound'],
  ['denied', 400, 'IncompleteSignature'],
  ['denied', 400, 'SignatureDoesNotMatch'],
  ['clock', 400, 'IllegalTimestamp'],
  ['clock', 400, 'InvalidTimeStamp.Expired'],
  ['unknown-region', 404, 'InvalidRegionId.NotFound'],
  ['unknown-region', 400, 'InvalidParameter', 'The specified RegionId does not exist.'],
  [
    'fault',
    503,
    'ServiceUnavailable',
    'The request has failed due to a temporary failure of the server now.',
  ],
  ['refused', 503, 'ServiceUnavailable', 'The specified region not support VPC.'],
  ['fault', 500, 'InternalError'],
  ['fault', 502, 'Never.Heard.Of'],
  ['refused', 400, 'Never.Heard.Of'],
  ['refused', 400, 'Operation.NotAllowed'],
  ['refused', 400, 'ResourceNotAvailible.HttpListener'],
];

for (const [expected, httpStatus, code, message = ''] of rows)
  test(`${httpStatus} ${code} ${message} is ${expected}`, () => {
    assert.equal(classify({ httpStatus, code, message, requestId: '-' }), expected);
  });

test('ordinary sentences, ids and fingerprints pass redaction unchanged', () => {
  for (const text of [
    'The specified parameter ServerCertificate format is error.',
    'lb-bp1b6c719dfa08ex9****: A previous configuration is pending; please try again later.',
    '365F4154-92F6-4AE4-92F8-7FF34B540710',
    '68:08:1a:f8:28:97:b6:bb:8c:16:5a:1f:d5:1a:3f:43:c8:93:6a:5c',
    'User not authorized to operate on the specified resource.',
  ])
    assert.equal(redact(text), text);
});

test('keys, signatures and secrets do not pass, in any spelling', () => {
  const base64 = 'MIIEpAIBAAKCAQEAx7Zk2Yw9QmZb1q8mFh3k+J/0v5TgJxq1b2Y3c4D5e6F7';
  const pem = `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----`;
  const shown = [
    redact(`a ${pem} b`),
    redact(`cut off ${pem.slice(0, 60)}`),
    redact(encodeURIComponent(pem)),
    redact(encodeURIComponent(encodeURIComponent(pem))),
    redact(encodeURIComponent(pem).replaceAll('-', '%2D')),
    redact(JSON.stringify({ PrivateKey: pem })),
    redact(`x ${base64} y`),
    redact('the secret p@ss/w+rd=1 leaks', ['p@ss/w+rd=1']),
    redact(`the secret ${encodeURIComponent('p@ss/w+rd=1')} leaks`, ['p@ss/w+rd=1']),
    redact('Signature=0123456789abcdef0123456789abcdef'),
  ].join('\n');
  for (const trace of ['MIIEpAIBAA', 'p@ss', 'p%40ss', '0123456789abcdef'])
    assert.ok(!shown.includes(trace), shown);
  assert.match(shown, /^a \[redacted\] b$/m);
});
