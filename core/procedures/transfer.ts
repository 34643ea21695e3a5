import { findAuthority } from '../authority/find.ts';
import type { CoreContext } from '../context.ts';
import { onDisk } from '../disk.ts';
import { answerRequests } from '../transfer/answer.ts';
import { exportTransfer } from '../transfer/export.ts';
import { readTransfer } from '../transfer/file.ts';
import { describeTransfer, openTransfer } from '../transfer/inspect.ts';
import { receiveFromAuthority } from '../transfer/receive.ts';
import { requestCertificate, requestRevocation, withdrawRequest } from '../transfer/requests.ts';
import { os } from './base.ts';

const opened = async (context: CoreContext, file: Blob) =>
  openTransfer(context, await onDisk(context.files.home, () => readTransfer(file)));

export const transfer = os.transfer.router({
  export: os.transfer.export.handler(({ input, context: { context } }) =>
    onDisk(context.files.home, () => exportTransfer(context, findAuthority(context, input.authority))),
  ),

  inspect: os.transfer.inspect.handler(async ({ input, context: { context } }) =>
    describeTransfer(context, await opened(context, input.file)),
  ),

  /** Answers with what the file was before it was taken in. */
  import: os.transfer.import.handler(async ({ input, context: { context } }) => {
    const transferred = await opened(context, input.file);
    const view = describeTransfer(context, transferred);
    if (view.kind === 'authority') receiveFromAuthority(context, transferred, input.fingerprint);
    else await answerRequests(context, transferred, input);
    return view;
  }),

  requestCertificate: os.transfer.requestCertificate.handler(({ input, context: { context } }) =>
    requestCertificate(context, input),
  ),

  requestRevocation: os.transfer.requestRevocation.handler(({ input, context: { context } }) =>
    requestRevocation(context, input.certificate, input.reason),
  ),

  withdraw: os.transfer.withdraw.handler(({ input, context: { context } }) =>
    withdrawRequest(context, input.request),
  ),

  waiting: os.transfer.waiting.handler(({ input, context: { context } }) => {
    const authority = findAuthority(context, input.authority);
    return context.registry
      .read((rows) => rows.requests.waiting(authority.id))
      .map(({ id, kind, label, createdAt }) => ({ id, kind, label, createdAt }));
  }),
});
