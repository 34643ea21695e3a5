import { issueBulk } from '../authority/bulk.ts';
import { chainOf, exportPem, exportPkcs12 } from '../authority/export.ts';
import { findCertificate } from '../authority/find.ts';
import { listCertificates } from '../authority/list.ts';
import { openIntents, settlePossiblyIssued } from '../authority/possibly-issued.ts';
import { issueFromRequest, issueWithNewKey } from '../authority/request.ts';
import { revokeCertificate } from '../authority/revoke.ts';
import { certificateView } from '../authority/views.ts';
import { reportedEvents } from '../report.ts';
import { certificatePem } from '../x509/certificate.ts';
import { os } from './base.ts';

export const certificate = os.certificate.router({
  issue: os.certificate.issue.handler(async ({ input, context: { context } }) =>
    certificateView(context, await issueWithNewKey(context, input)),
  ),

  issueBulk: os.certificate.issueBulk.handler(({ input, context: { context, log }, signal }) =>
    reportedEvents(issueBulk(context, input, signal), log),
  ),

  sign: os.certificate.sign.handler(async ({ input, context: { context } }) =>
    certificateView(context, await issueFromRequest(context, input)),
  ),

  list: os.certificate.list.handler(({ input, context: { context }, signal }) =>
    listCertificates(context, input, signal),
  ),

  get: os.certificate.get.handler(({ input, context: { context } }) => {
    const found = findCertificate(context, input.certificate);
    const [own, ...above] = chainOf(context, found).map(certificatePem);
    return { ...certificateView(context, found), pem: own!, chainPem: above.join('') };
  }),

  revoke: os.certificate.revoke.handler(({ input, context: { context } }) => {
    const found = findCertificate(context, input.certificate);
    revokeCertificate(context, found, {
      reason: input.reason,
      ...(input.invalidityAt === undefined ? {} : { invalidityAt: input.invalidityAt }),
    });
    return certificateView(context, found);
  }),

  exportPem: os.certificate.exportPem.handler(({ input, context: { context } }) =>
    exportPem(context, findCertificate(context, input.certificate), input.chain),
  ),

  exportPkcs12: os.certificate.exportPkcs12.handler(({ input, context: { context } }) =>
    exportPkcs12(context, findCertificate(context, input.certificate), input.profile, input.password),
  ),

  possiblyIssued: os.certificate.possiblyIssued.handler(({ context: { context } }) =>
    context.registry.read((rows) =>
      openIntents(context, rows).map(({ id, authorityId, serial, subject, profile, createdAt }) => ({
        id,
        authority: rows.authorities.get(authorityId)?.name ?? authorityId,
        serial,
        subject,
        profile,
        createdAt,
      })),
    ),
  ),

  settlePossiblyIssued: os.certificate.settlePossiblyIssued.handler(({ input, context: { context } }) => ({
    state: settlePossiblyIssued(context, input.id, input.decision),
  })),
});
