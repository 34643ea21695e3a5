type LibraryHandle = ReturnType<typeof import('koffi')['default']['load']>;

/** How the thread that calls says that it runs when nobody else wants to; by the functions of each system. */
const systems: Partial<
  Record<NodeJS.Platform, { readonly library: string; giveWay(library: LibraryHandle): void }>
> = {
  linux: {
    library: 'libc.so.6',
    giveWay(libc) {
      // sched(7): SCHED_IDLE. Niceness would be a longer wait for a turn; this gives up a turn that others wait for.
      const schedIdle = 5;
      libc.func('int sched_setscheduler(int pid, int policy, const void *param)')(
        0,
        schedIdle,
        Buffer.alloc(4),
      );
    },
  },
  win32: {
    library: 'kernel32.dll',
    giveWay(kernel32) {
      const threadPriorityIdle = -15;
      const thread = kernel32.func('void *__stdcall GetCurrentThread()')();
      kernel32.func('int __stdcall SetThreadPriority(void *thread, int priority)')(
        thread,
        threadPriorityIdle,
      );
    },
  },
  darwin: {
    library: '/usr/lib/libSystem.B.dylib',
    giveWay(system) {
      const qosClassUtility = 0x11;
      system.func('int pthread_set_qos_class_self_np(unsigned int qos, int priority)')(qosClassUtility, 0);
    },
  },
};

/** Lowers the priority of the calling thread alone. Where that cannot be, it goes on as it was. */
export async function giveWay(): Promise<void> {
  const system = systems[process.platform];
  if (system === undefined) return;
  try {
    const { default: koffi } = await import('koffi');
    system.giveWay(koffi.load(system.library));
  } catch {
    // No machine code for this system, or a C library of another kind: what is asked of this thread is made anyway.
  }
}
