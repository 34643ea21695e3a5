/** The few channels between the window and main. Each listens to the main frame of our own page, and to nobody else. */

import { RPCHandler } from '@orpc/server/message-port';
import type { IpcMainEvent, IpcMainInvokeEvent, MessagePortMain } from 'electron';
import { z } from 'zod';
import { Problem } from '../contract/problem.ts';
import {
  channels,
  fileKinds,
  type OpenRequest,
  type SaveRequest,
  type ShellAnswer,
} from '../contract/shell.ts';
import type { Core } from '../core/create-core.ts';
import { isOurs } from './content-scheme.ts';
import { contractPort } from './contract-port.ts';
import type { Electron } from './electron.ts';
import { openFiles, saveFile } from './file-dialogs.ts';
import type { HandedFiles } from './handed-files.ts';
import { languageOf } from './words.ts';

const saveRequest = z.object({
  name: z.string().min(1).max(300),
  bytes: z.instanceof(Uint8Array),
}) satisfies z.ZodType<SaveRequest>;
const openRequest = z.object({
  kind: z.enum(fileKinds),
  multiple: z.boolean(),
}) satisfies z.ZodType<OpenRequest>;

type Sender = Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>;

/** A frame that is gone has no address to trust. */
function isTrusted({ senderFrame }: Sender): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOurs(senderFrame.url);
}

/** Serves the contract and the shell. Who is not trusted gets no answer that could teach anything. */
export function serveChannels(electron: Electron, core: Core, handed: HandedFiles): void {
  const { app, clipboard, ipcMain, MessageChannelMain } = electron;
  const contract = new RPCHandler(core.router);
  let open: MessagePortMain | undefined;

  ipcMain.on(channels.connect, (event) => {
    if (!isTrusted(event)) return;
    // A page that was loaded again connects again; its old port is of no use to anybody.
    open?.close();
    const { port1, port2 } = new MessageChannelMain();
    open = port1;
    contract.upgrade(contractPort(port1), { context: core.rooms });
    port1.start();
    event.senderFrame?.postMessage(channels.connect, null, [port2]);
  });

  const answer = <T, R>(channel: string, schema: z.ZodType<T>, work: (input: T) => Promise<R>): void =>
    ipcMain.handle(channel, async (event, given: unknown): Promise<R> => {
      if (!isTrusted(event)) throw new Error('refused');
      const input = schema.safeParse(given);
      if (!input.success) throw new Error('refused');
      return work(input.data);
    });
  const language = () => languageOf(core.client, app.getLocale());

  answer(channels.saveFile, saveRequest, async (request) =>
    withProblem(async () => saveFile(electron, request, await language())),
  );
  answer(channels.openFiles, openRequest, async (request) =>
    withProblem(async () => openFiles(electron, request, await language())),
  );
  answer(channels.handed, z.undefined(), () => withProblem(() => handed.take()));
  answer(channels.copyText, z.string().max(1_000_000), async (text) => clipboard.writeText(text));
}

async function withProblem<T>(work: () => Promise<T>): Promise<ShellAnswer<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { problem: { code: error.code, data: error.data as Readonly<Record<string, unknown>> } };
  }
}
