/** Binds what kernel32.dll says of running programs. */
import type { Handle, Koffi } from './system.ts';

/** Toolhelp's list of processes, narrowed to this session: those of the person at this desktop. */
export function programLister(koffi: Koffi) {
  const entryType = koffi.struct({
    dwSize: 'uint32_t',
    cntUsage: 'uint32_t',
    th32ProcessID: 'uint32_t',
    th32DefaultHeapID: 'uintptr_t',
    th32ModuleID: 'uint32_t',
    cntThreads: 'uint32_t',
    th32ParentProcessID: 'uint32_t',
    pcPriClassBase: 'int32_t',
    dwFlags: 'uint32_t',
    szExeFile: koffi.array('char16_t', 260, 'String'),
  });
  const kernel32 = koffi.load('kernel32.dll');
  const entryPointer = koffi.inout(koffi.pointer(entryType));
  const CreateToolhelp32Snapshot = kernel32.func('CreateToolhelp32Snapshot', 'void *', [
    'uint32_t',
    'uint32_t',
  ]);
  const Process32FirstW = kernel32.func('Process32FirstW', 'bool', ['void *', entryPointer]);
  const Process32NextW = kernel32.func('Process32NextW', 'bool', ['void *', entryPointer]);
  const CloseHandle = kernel32.func('CloseHandle', 'bool', ['void *']);
  const ProcessIdToSessionId = kernel32.func('ProcessIdToSessionId', 'bool', [
    'uint32_t',
    koffi.out(koffi.pointer('uint32_t')),
  ]);

  const sessionOf = (id: number): number | undefined => {
    const session = [0];
    return ProcessIdToSessionId(id, session) ? session[0] : undefined;
  };

  return (): readonly string[] => {
    const ours = sessionOf(process.pid);
    const processes = 2; // TH32CS_SNAPPROCESS
    const snapshot: Handle = CreateToolhelp32Snapshot(processes, 0);
    const names: string[] = [];
    const entry = { dwSize: entryType.size, th32ProcessID: 0, szExeFile: '' };
    for (let more = Process32FirstW(snapshot, entry); more; more = Process32NextW(snapshot, entry))
      if (sessionOf(entry.th32ProcessID) === ours) names.push(entry.szExeFile);
    CloseHandle(snapshot);
    return names;
  };
}
