import { importServerCertificate } from '../server-certificate/import.ts';
import { inspectServerCertificate } from '../server-certificate/inspect.ts';
import { issueServerCertificate } from '../server-certificate/issue.ts';
import { completeRequest, requestServerCertificate } from '../server-certificate/request.ts';
import { getServerCertificate, listServerCertificates } from '../server-certificate/store.ts';
import { os } from './base.ts';

export const serverCertificate = os.serverCertificate.router({
  check: os.serverCertificate.check.handler(({ input, context: { context } }) =>
    inspectServerCertificate(context, input),
  ),
  import: os.serverCertificate.import.handler(({ input, context: { context } }) =>
    importServerCertificate(context, input),
  ),
  request: os.serverCertificate.request.handler(({ input, context: { context } }) =>
    requestServerCertificate(context, input),
  ),
  complete: os.serverCertificate.complete.handler(({ input, context: { context } }) =>
    completeRequest(context, input),
  ),
  issue: os.serverCertificate.issue.handler(({ input, context: { context } }) =>
    issueServerCertificate(context, input),
  ),
  list: os.serverCertificate.list.handler(({ context: { context } }) => listServerCertificates(context)),
  get: os.serverCertificate.get.handler(({ input, context: { context } }) =>
    getServerCertificate(context, input.certificate),
  ),
});
