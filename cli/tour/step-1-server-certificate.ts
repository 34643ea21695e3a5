import { join } from 'node:path';
import { writeOutput } from '../files.ts';
import { claim, names, type TourContext } from './evidence.ts';

/** The CSR, as it would go to a public CA. */
export async function requestServerCertificate({ client, hosts }: TourContext): Promise<string> {
  const { requestPem } = await client.serverCertificate.request({
    name: names.serverCertificate,
    hosts: [...hosts],
  });
  return requestPem!;
}

/** The answer: signed by the CA of step 2, joined to its key, put into the form that SLB takes. */
export async function answerRequest({ client, directory, hosts, text }: TourContext, requestPem: string) {
  const signed = await client.certificate.sign({
    authority: names.authority,
    request: Buffer.from(requestPem).toString('base64'),
    profile: 'server',
    days: 365,
  });
  const answer = await client.certificate.exportPem({ certificate: signed.id, chain: true });
  const { findings } = await client.serverCertificate.complete({
    certificate: names.serverCertificate,
    files: [answer.bytes],
  });
  const detail = await client.serverCertificate.get({ certificate: names.serverCertificate });
  const chain = join(directory, 'server-chain.pem');
  writeOutput(chain, detail.chainPem!);
  const errors = findings.filter(({ severity }) => severity === 'error');
  const step = {
    step: 1,
    did: text.tour.did.server(detail.commonName),
    replaces:
      'openssl req -new -newkey rsa:2048 -nodes -keyout server.key -out server.csr; openssl rsa -traditional …',
    evidence: [
      claim(1, 'key-matches-certificate', errors.length === 0, detail.key),
      claim(
        1,
        'covers-hosts',
        hosts.every((host) => detail.hosts.includes(host)),
        detail.hosts.join(', '),
      ),
      claim(
        1,
        'clb-accepts',
        detail.clb.accepted,
        detail.clb.accepted ? 'RSA 2048, PKCS#1, 64 columns' : detail.clb.obstacles.join(', '),
      ),
      claim(1, 'fingerprint', detail.fingerprintSha1 !== null, detail.fingerprintSha1 ?? ''),
    ],
  };
  return { step, artifacts: { 'server-chain.pem': chain } };
}
