import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type ProbeCase, type ProbeProgress, probeProgress, probeResult } from '../../../contract/probe.ts';
import {
  type IdentityCase,
  type ProbeIdentity,
  type ProbeOptions,
  probe,
} from '../../../core/probe/probe.ts';
import { parseTarget } from '../../../core/probe/target.ts';
import { importPrivateKey } from '../../../core/x509/key.ts';
import { freePort, Nginx, nginxPath } from './nginx.ts';
import { type OpensslIdentity, OpensslPki } from './openssl-pki.ts';

const clientProfile = 'extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature';

describe('probe', () => {
  let pki: OpensslPki;
  let other: OpensslPki;
  let server: OpensslIdentity;
  let identities: Record<IdentityCase, ProbeIdentity>;
  let roots: readonly string[];

  before(() => {
    pki = new OpensslPki();
    other = new OpensslPki('/CN=Other CA');
    server = pki.issue({
      subject: '/CN=localhost',
      extensions: 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth',
    });
    const client = (from: OpensslPki, options: object = {}): ProbeIdentity => {
      const made = from.issue({ subject: '/CN=太郎', extensions: clientProfile, ...options });
      return { key: importPrivateKey(Buffer.from(made.key)), certificates: [made.certificate] };
    };
    identities = {
      'right-certificate': client(pki, { key: 'rsa:2048' }),
      'wrong-ca': client(other),
      expired: client(pki, { validity: ['20200101000000Z', '20210101000000Z'] }),
      'not-yet-valid': client(pki, { validity: ['20480101000000Z', '20490101000000Z'] }),
      'server-auth-only': client(pki, { extensions: 'extendedKeyUsage=serverAuth' }),
    };
    roots = [readFileSync(pki.ca.certificateFile, 'utf8')];
  });
  after(() => {
    pki.remove();
    other.remove();
  });

  const at = (
    port: number,
    options: Partial<ProbeOptions> = {},
  ): Promise<ReturnType<typeof probeResult.parse>> =>
    probe({
      target: { host: 'localhost', port, address: '127.0.0.1' },
      identities,
      roots,
      caCertificate: pki.ca.certificate,
      timeout: 5000,
      ...options,
    }).then((result) => probeResult.parse(result));
  const verdicts = (cases: readonly ProbeCase[]) =>
    Object.fromEntries(cases.map((tried) => [tried.case, tried.verdict]));
  const seen = (cases: readonly ProbeCase[], name: string): ProbeCase =>
    cases.find((tried) => tried.case === name)!;

  /** A node TLS server for one test, closed whatever happens. */
  async function withServer<T>(
    options: ServerOptions,
    work: (port: number) => Promise<T>,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const tls = createHttps(
      { key: server.key, cert: readFileSync(server.certificateFile), ca: [...roots], ...options },
      (_, response) => response.writeHead(200, headers).end('hello'),
    );
    return listening(tls, work);
  }

  async function listening<T>(
    listener: HttpServer | ReturnType<typeof createTcp>,
    work: (port: number) => Promise<T>,
  ): Promise<T> {
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    try {
      return await work((listener.address() as AddressInfo).port);
    } finally {
      if ('closeAllConnections' in listener) listener.closeAllConnections();
      listener.close();
    }
  }

  test('gives the whole evidence about nginx, explains every refusal and counts the backends', {
    skip: !nginxPath && 'nginx is missing',
  }, async () => {
    const nginx = await Nginx.start({
      certificate: server.certificateFile,
      key: server.keyFile,
      ca: pki.ca.certificateFile,
      protocols: 'TLSv1 TLSv1.2 TLSv1.3',
    });
    try {
      const progress: ProbeProgress[] = [];
      const result = await at(nginx.port, {
        onProgress: (event) => progress.push(probeProgress.parse(event)),
      });
      assert.ok(result.ok);
      assert.deepEqual(new Set(Object.values(verdicts(result.cases))), new Set(['as-expected']));
      const titles = Object.fromEntries(
        result.cases.map(({ case: name, observation }) => [
          name,
          observation?.kind === 'page' && `${observation.status} ${observation.title}`,
        ]),
      );
      assert.equal(titles['no-certificate'], '400 400 No required SSL certificate was sent');
      for (const name of ['wrong-ca', 'expired', 'not-yet-valid', 'server-auth-only'])
        assert.equal(titles[name], '400 400 The SSL certificate error');
      assert.match(String(titles['right-certificate']), /^200 ecs0[12]$/);
      const reasons = (name: string) => seen(result.cases, name).explanation.map(({ reason }) => reason);
      assert.deepEqual(reasons('wrong-ca'), ['issuer-not-advertised', 'other-ca']);
      assert.deepEqual(reasons('expired'), ['expired']);
      assert.deepEqual(reasons('not-yet-valid'), ['not-yet-valid']);
      assert.deepEqual(reasons('server-auth-only'), ['not-for-clients']);
      assert.deepEqual(reasons('right-certificate'), []);
      assert.deepEqual(
        result.versions.map(({ version, accepted }) => [version, accepted]),
        [
          ['TLSv1', true],
          ['TLSv1.1', false],
          ['TLSv1.2', true],
          ['TLSv1.3', true],
        ],
      );
      assert.equal(result.versions[3]?.cipher, 'TLS_AES_256_GCM_SHA384');
      assert.ok(result.authorities.visible && result.authorities.requested);
      assert.deepEqual(
        result.authorities.names.map(({ text }) => text),
        ['CN=試験 CA, O=割符'],
      );
      assert.deepEqual(
        [result.server?.verified, result.server?.coversName, result.server?.chain.length],
        [true, true, 1],
      );
      assert.deepEqual(result.balance, {
        ...result.balance,
        requests: 20,
        failed: 0,
        by: 'title',
        backends: [
          { name: 'ecs01', count: 10 },
          { name: 'ecs02', count: 10 },
        ],
        even: true,
      });
      assert.equal(progress.length, 31);
      assert.deepEqual([progress[30]?.done, progress[30]?.total], [31, 31]);
    } finally {
      await nginx.stop();
    }
  });

  test('sees refusals in the handshake of a node server, whatever the TLS version', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
      await withServer({ requestCert: true, rejectUnauthorized: true, maxVersion }, async (port) => {
        const result = await at(port, { requests: 2 });
        assert.ok(result.ok, maxVersion);
        const kind = seen(result.cases, 'expired').observation?.kind;
        assert.ok(kind === 'alert' || kind === 'closed', kind);
        assert.equal(
          result.cases.find((tried) => tried.case === 'right-certificate')?.observation?.kind,
          'page',
        );
        assert.equal(result.balance?.even, null);
      });
  });

  test('says that a server of TLS 1.3 alone does not show whom it asks for', async () => {
    await withServer(
      { requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' },
      async (port) => {
        const result = await at(port, { requests: 0 });
        assert.deepEqual(result.authorities, { visible: false, reason: 'tls-1.3-only' });
        assert.deepEqual(
          result.versions.map(({ accepted }) => accepted),
          [false, false, false, true],
        );
        assert.equal(result.balance, null);
      },
    );
  });

  test('tells a server that lets everybody in', async () => {
    await withServer(
      {},
      async (port) => {
        const result = await at(port, { requests: 4 });
        assert.equal(result.ok, false);
        assert.equal(seen(result.cases, 'no-certificate').verdict, 'not-as-expected');
        assert.equal(seen(result.cases, 'right-certificate').verdict, 'as-expected');
        assert.deepEqual(result.authorities, {
          visible: true,
          requested: false,
          names: [],
          signatureSchemes: [],
        });
        assert.deepEqual(result.balance?.backends, [{ name: 'backend-7', count: 4 }]);
        assert.equal(result.balance?.by, 'header');
      },
      { 'X-Backend': 'backend-7' },
    );
  });

  test('reports cases without an identity as not tested, with the reason', async () => {
    await withServer({ requestCert: true }, async (port) => {
      const { expired: _, 'right-certificate': __, ...rest } = identities;
      const result = await at(port, {
        identities: {
          ...rest,
          'server-auth-only': {
            key: identities.expired.key,
            certificates: identities['wrong-ca'].certificates,
          },
        },
        absent: { expired: 'the CA is locked' },
      });
      assert.deepEqual(
        [seen(result.cases, 'expired').verdict, seen(result.cases, 'expired').notTested],
        ['not-tested', 'the CA is locked'],
      );
      assert.equal(seen(result.cases, 'right-certificate').notTested, 'no identity given');
      assert.match(seen(result.cases, 'server-auth-only').notTested ?? '', /MISMATCH/);
      assert.equal(result.ok, false);
      assert.equal(result.balance, null);
    });
  });

  test('never calls a server verified that the roots do not vouch for or that has another name', async () => {
    await withServer({}, async (port) => {
      const stranger = await at(port, {
        roots: [readFileSync(other.ca.certificateFile, 'utf8')],
        requests: 0,
      });
      assert.equal(stranger.server?.verified, false);
      assert.equal(stranger.server?.verifyError, 'SELF_SIGNED_CERT_IN_CHAIN');
      assert.equal(stranger.server?.coversName, true);
      const renamed = await at(port, {
        target: { host: '127.0.0.1', port, serverName: 'other.example' },
        requests: 0,
      });
      assert.deepEqual(
        [renamed.server?.verified, renamed.server?.coversName, renamed.server?.name],
        [true, false, 'other.example'],
      );
      const byAddress = await at(port, { target: { host: '127.0.0.1', port }, requests: 0 });
      assert.equal(byAddress.server?.coversName, true);
      const { roots: _, ...system } = {
        roots,
        target: { host: 'localhost', port, address: '127.0.0.1' },
        identities: {},
        requests: 0,
      };
      assert.deepEqual(
        [(await probe(system)).server?.verified, (await probe(system)).server?.roots],
        [false, 'system'],
      );
    });
  });

  test('names what does not answer and what does not speak TLS', async () => {
    const port = await freePort();
    await assert.rejects(at(port), {
      code: 'PROBE_UNREACHABLE',
      data: { host: '127.0.0.1', port, reason: 'ECONNREFUSED' },
    });
    await assert.rejects(probe({ target: { host: 'nobody.invalid', port: 443 }, identities: {} }), {
      code: 'PROBE_UNREACHABLE',
    });
    await listening(
      createHttp((_, response) => response.end('plain')),
      (plain) =>
        assert.rejects(at(plain), { code: 'PROBE_NOT_TLS', data: { host: 'localhost', port: plain } }),
    );
  });

  test('takes a URL, a host and a port, or a name in any script, and refuses what cannot be asked for', async () => {
    assert.deepEqual(parseTarget('https://[::1]:8443/a?b=1'), {
      target: { host: '::1', port: 8443 },
      path: '/a?b=1',
    });
    assert.deepEqual(parseTarget('割符.example'), {
      target: { host: 'xn--ner350h.example', port: 443 },
      path: '/',
    });
    for (const text of ['', 'http://x', 'https://u:p@x', 'x:99999', 'a b'])
      assert.throws(() => parseTarget(text), { code: 'VALUE_INVALID' }, text);
    await assert.rejects(at(443, { path: '/a\r\nX: y' }), { code: 'VALUE_INVALID' });
    await assert.rejects(at(443, { target: { host: 'a\r\nb', port: 443 } }), { code: 'VALUE_INVALID' });
  });

  test('a server that keeps silent is unclear after the timeout, not refused', async () => {
    await listening(
      createTcp(() => undefined),
      async (port) => {
        const result = await at(port, { timeout: 60, requests: 1 });
        assert.equal(seen(result.cases, 'right-certificate').verdict, 'unclear');
        assert.deepEqual(
          result.versions.map(({ accepted, reason }) => [accepted, reason]),
          Array(4).fill([null, 'timeout']),
        );
        assert.deepEqual([result.server, result.balance?.failed, result.ok], [null, 1, false]);
      },
    );
  });

  test('a server that hangs up at once is reported, not thrown', async () => {
    await listening(
      createTcp((socket) => socket.destroy()),
      async (port) => {
        const result = await at(port, { requests: 0 });
        assert.equal(seen(result.cases, 'right-certificate').verdict, 'not-as-expected');
        assert.equal(seen(result.cases, 'right-certificate').observation?.kind, 'closed');
        assert.equal(result.authorities.visible, false);
      },
    );
  });

  test('stops at once when it is cancelled', async () => {
    await listening(
      createTcp(() => undefined),
      async (port) => {
        const reason = new Error('cancelled by the person');
        await assert.rejects(at(port, { signal: AbortSignal.abort(reason) }), reason);
        const controller = new AbortController();
        setTimeout(() => controller.abort(reason), 50);
        const startedAt = performance.now();
        await assert.rejects(at(port, { signal: controller.signal, timeout: 10_000 }), reason);
        assert.ok(performance.now() - startedAt < 2000);
      },
    );
  });

  test('carries no key in what it reports', async () => {
    await withServer({ requestCert: true }, async (port) => {
      const text = JSON.stringify(await at(port, { requests: 1 }));
      for (const { key } of Object.values(identities))
        assert.ok(
          !text.includes(
            Buffer.from(key as Uint8Array)
              .toString('base64')
              .slice(40, 90),
          ),
        );
      assert.doesNotMatch(text, /PRIVATE KEY/);
    });
  });
});
