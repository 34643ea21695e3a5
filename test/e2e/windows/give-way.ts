/** Runs in a Windows process: the priority of this thread before and after, as Windows names it. */
import koffi from 'koffi';
import { giveWay } from '../../../core/key-maker/give-way.ts';

const kernel32 = koffi.load('kernel32.dll');
const currentThread = kernel32.func('void *__stdcall GetCurrentThread()');
const priorityOf = kernel32.func('int __stdcall GetThreadPriority(void *thread)');

const before = priorityOf(currentThread());
await giveWay();
process.stdout.write(JSON.stringify([before, priorityOf(currentThread())]));
