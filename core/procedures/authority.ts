import { createAuthority } from '../authority/create.ts';
import { publishCrl } from '../authority/crl.ts';
import { findAuthority } from '../authority/find.ts';
import { authorityView, crlView } from '../authority/views.ts';
import { audit } from '../context.ts';
import { certificatePem } from '../x509/certificate.ts';
import { os } from './base.ts';
import { credentialOf } from './vault.ts';

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

  approveSigning: os.authority.approveSigning.handler(async ({ input, context: { context } }) => {
    const found = findAuthority(context, input.authority);
    await context.vault.confirm(credentialOf(input.credential));
    context.consents.give(found, input.signatures);
    return { authority: found.name, signatures: input.signatures };
  }),

  setSigning: os.authority.setSigning.handler(async ({ input, context: { context } }) => {
    const found = findAuthority(context, input.authority);
    await context.vault.confirm(credentialOf(input.credential));
    const changed = { ...found, signing: input.signing };
    context.registry.write((rows) => {
      rows.authorities.update(changed);
      audit(context, rows, 'authority.signing-changed', { authority: found.name, signing: input.signing });
    });
    return authorityView(context, changed);
  }),

  latestCrl: os.authority.latestCrl.handler(({ input, context: { context } }) => {
    const found = findAuthority(context, input.authority);
    const latest = context.registry.read((rows) => rows.crls.latest(found.id));
    return latest ? crlView(found, latest) : null;
  }),
});
