import { createAuthority } from '../authority/create.ts';
import { publishCrl } from '../authority/crl.ts';
import { findAuthority } from '../authority/find.ts';
import { authorityView, crlView } from '../authority/views.ts';
import { certificatePem } from '../x509/certificate.ts';
import { os } from './base.ts';

export const authority = os.authority.router({
  create: os.authority.create.handler(async ({ input, context: { context } }) =>
    authorityView(context, await createAuthority(context, input)),
  ),

  list: os.authority.list.handler(({ context: { context } }) =>
    context.registry.read((rows) => rows.authorities.list()).map((record) => authorityView(context, record)),
  ),

  get: os.authority.get.handler(({ input, context: { context } }) =>
    authorityView(context, findAuthority(context, input.authority)),
  ),

  exportCertificate: os.authority.exportCertificate.handler(({ input, context: { context } }) => {
    const { certificateId } = findAuthority(context, input.authority);
    return {
      pem: certificatePem(context.registry.read((rows) => rows.certificates.get(certificateId)!).der),
    };
  }),

  publishCrl: os.authority.publishCrl.handler(({ input, context: { context } }) => {
    const found = findAuthority(context, input.authority);
    return crlView(found, publishCrl(context, found));
  }),

  latestCrl: os.authority.latestCrl.handler(({ input, context: { context } }) => {
    const found = findAuthority(context, input.authority);
    const latest = context.registry.read((rows) => rows.crls.latest(found.id));
    return latest ? crlView(found, latest) : null;
  }),
});
