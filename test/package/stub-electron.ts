/**
 * What electron-builder takes for Electron where Electron cannot be had: files of the right names, and programs that
 * carry the fuses of a real one (the sentinel, version, count and states that @electron/fuses looks for).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Nine fuses as a released Electron has them; every one of them is to be set by the package. */
const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, 9]), Buffer.from('101100011')]);

export function makeStub(folder: string, system: 'linux' | 'win', version: string): string {
  for (const part of ['locales', 'resources']) mkdirSync(join(folder, part), { recursive: true });
  const write = (name: string, content: string | Buffer, mode = 0o644): void =>
    writeFileSync(join(folder, name), content, { mode });
  write('version', version);
  write('LICENSE', 'stub');
  write('LICENSES.chromium.html', '<html>');
  for (const locale of ['en-US', 'ja', 'zh-CN']) write(join('locales', `${locale}.pak`), 'stub');
  if (system === 'win') write('electron.exe', program(wire, version));
  else {
    write('electron', Buffer.concat([Buffer.from('#!/bin/sh\nexit 1\n'), wire]), 0o755);
    for (const name of ['chrome-sandbox', 'chrome_crashpad_handler']) write(name, '#!/bin/sh\n', 0o755);
  }
  return folder;
}

interface Pe {
  readonly NtExecutable: { createEmpty(is32: boolean, isDll: boolean): { generate(): ArrayBuffer } };
  readonly NtExecutableResource: { from(exe: object): PeResources };
}
interface PeResources {
  readonly entries: unknown[];
  outputResource(exe: object): void;
}
interface ResEdit {
  readonly Resource: {
    readonly VersionInfo: {
      createEmpty(): {
        setFileVersion(...parts: number[]): void;
        setStringValues(language: object, values: Readonly<Record<string, string>>): void;
        outputToResourceEntries(entries: unknown[]): void;
      };
    };
  };
}

/** A program for Windows that holds a version, which electron-builder edits, and the fuses as a resource. */
function program(fuses: Buffer, version: string): Buffer {
  // Both are parts of electron-builder.
  const builder = createRequire(createRequire(import.meta.url).resolve('app-builder-lib/package.json'));
  const { Resource } = builder('resedit') as ResEdit;
  const path = builder.resolve('resedit');
  const { NtExecutable, NtExecutableResource } = createRequire(join(dirname(path), 'x.js'))(
    'pe-library',
  ) as Pe;
  const executable = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(executable);
  const info = Resource.VersionInfo.createEmpty();
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  info.setFileVersion(major, minor, patch, 0, 1033);
  info.setStringValues(
    { lang: 1033, codepage: 1200 },
    { FileDescription: 'Electron', ProductName: 'Electron', OriginalFilename: 'electron.exe' },
  );
  info.outputToResourceEntries(resources.entries);
  const bin = fuses.buffer.slice(fuses.byteOffset, fuses.byteOffset + fuses.length);
  resources.entries.push({ type: 10, id: 1, lang: 1033, codepage: 1200, bin });
  resources.outputResource(executable);
  return Buffer.from(executable.generate());
}
