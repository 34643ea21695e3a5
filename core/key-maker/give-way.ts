import { constants, setPriority } from 'node:os';

/**
 * Lowers the priority of the calling thread alone; where that cannot be, it goes on as it was. Not to the lowest there
 * is (SCHED_IDLE, THREAD_PRIORITY_IDLE): on a busy machine such a thread would take half a minute even to end.
 */
export async function giveWay(): Promise<void> {
  try {
    // A priority belongs to a thread on Linux alone (setpriority(2)), elsewhere to the whole process.
    if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
    else if (process.platform === 'win32') await giveWayOnWindows();
    else if (process.platform === 'darwin') await giveWayOnMacos();
  } catch {
    // No machine code for this system: what is asked of this thread is made anyway.
  }
}

async function giveWayOnWindows(): Promise<void> {
  const { default: koffi } = await import('koffi');
  const kernel32 = koffi.load('kernel32.dll');
  const threadPriorityLowest = -2;
  const thread = kernel32.func('void *__stdcall GetCurrentThread()')();
  kernel32.func('int __stdcall SetThreadPriority(void *thread, int priority)')(thread, threadPriorityLowest);
}

async function giveWayOnMacos(): Promise<void> {
  const { default: koffi } = await import('koffi');
  const system = koffi.load('/usr/lib/libSystem.B.dylib');
  const qosClassUtility = 0x11;
  system.func('int pthread_set_qos_class_self_np(unsigned int qos, int priority)')(qosClassUtility, 0);
}
