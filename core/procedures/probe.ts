import { findAuthority, findCertificate } from '../authority/find.ts';
import type { CoreContext } from '../context.ts';
import { identityOfCertificate, probeListener } from '../probe/listener.ts';
import type { ProbeIdentity } from '../probe/probe.ts';
import { reportedEvents } from '../report.ts';
import { resolveIdentity } from '../trust-store/identity.ts';
import { certificatePem, readCertificates } from '../x509/certificate.ts';
import { os } from './base.ts';

type ClientInput = { readonly certificate: string } | { readonly pkcs12: string; readonly password: string };

async function clientOf(context: CoreContext, input: ClientInput): Promise<ProbeIdentity> {
  if ('certificate' in input)
    return identityOfCertificate(context, findCertificate(context, input.certificate));
  const { key, leaf, issuers } = await resolveIdentity({
    pkcs12: Buffer.from(input.pkcs12, 'base64'),
    password: input.password,
  });
  return { key, certificates: [leaf.der, ...issuers.map(({ der }) => der)] };
}

export const probe = os.probe.router({
  run: os.probe.run.handler(async ({ input, context: { context, log }, signal }) => {
    const events = probeListener(context, {
      target: input.target,
      requests: input.requests,
      ...(input.authority === undefined ? {} : { authority: findAuthority(context, input.authority) }),
      ...(input.client === undefined ? {} : { client: await clientOf(context, input.client) }),
      ...(input.roots === undefined
        ? {}
        : {
            roots: readCertificates(Buffer.from(input.roots, 'base64')).map(({ der }) => certificatePem(der)),
          }),
      ...(signal === undefined ? {} : { signal }),
    });
    return reportedEvents(events, log);
  }),
});
