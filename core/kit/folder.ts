/** The folder that kits are written to: whole files or none, and a record of which kit is whose. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import { unusedName } from '../authority/file-name.ts';
import { readPasswordText } from './passwords.ts';
import type { KitPlace } from './place.ts';

const recordFile = 'kits.json';
const passwordFolder = 'passwords';

/** One kit. Nothing here is secret. */
const entry = z.object({
  /** SHA-256 of the certificate. */
  fingerprint: z.string(),
  /** File name of zip and password, without its ending. */
  stem: z.string(),
  /** SHA-256 of the zip; null while it is being made, so that a name is taken before anything bears it. */
  zip: z.string().nullable(),
});
const record = z.object({ version: z.literal(1), kits: z.array(entry) });

export class KitFolder implements KitPlace {
  readonly path: string;
  readonly #kits: Map<string, z.infer<typeof entry>>;
  readonly #taken: Set<string>;

  private constructor(path: string, kits: readonly z.infer<typeof entry>[], present: readonly string[]) {
    this.path = path;
    this.#kits = new Map(kits.map((kit) => [kit.fingerprint, kit]));
    this.#taken = new Set();
    // Somebody else's zip in the folder is not ours to overwrite.
    for (const name of [...kits.map(({ stem }) => stem), ...present]) unusedName(name, this.#taken);
  }

  /** Reads what is there; makes nothing. @throws Problem KIT_FOLDER_DAMAGED, FILE_UNREADABLE */
  static open(path: string): KitFolder {
    const kits = readRecord(join(path, recordFile));
    const known = new Set(kits.map(({ stem }) => stem));
    const present = listFolder(path)
      .filter((name) => name.endsWith('.zip'))
      .map((name) => name.slice(0, -4))
      .filter((name) => !known.has(name));
    return new KitFolder(path, kits, present);
  }

  isDone(fingerprint: string): boolean {
    const kit = this.#kits.get(fingerprint);
    if (!kit?.zip) return false;
    try {
      if (readPasswordText(this.readPassword(fingerprint)) === '') return false;
      return sha256(readFileSync(join(this.path, `${kit.stem}.zip`))) === kit.zip;
    } catch {
      return false;
    }
  }

  /** The same name on every run. */
  claim(fingerprint: string, wanted: string): string {
    const known = this.#kits.get(fingerprint);
    const stem = known?.stem ?? unusedName(wanted, this.#taken);
    this.#kits.set(fingerprint, { fingerprint, stem, zip: null });
    this.#save();
    return stem;
  }

  /** Password first: a zip whose password was lost to a full disk would be of no use. @throws Problem FILE_UNWRITABLE */
  write(fingerprint: string, password: string, zip: Uint8Array): void {
    const kit = this.#kits.get(fingerprint)!;
    this.#writeFile(passwordPath(kit.stem), Buffer.from(password, 'utf8'));
    this.#writeFile(`${kit.stem}.zip`, zip);
    this.#kits.set(fingerprint, { ...kit, zip: sha256(zip) });
    this.#save();
  }

  fileOf(fingerprint: string): string {
    return `${this.#stemOf(fingerprint)}.zip`;
  }

  /** Relative to the folder. */
  passwordFileOf(fingerprint: string): string {
    return passwordPath(this.#stemOf(fingerprint));
  }

  readPassword(fingerprint: string): string {
    return readFileSync(join(this.path, this.passwordFileOf(fingerprint)), 'utf8');
  }

  writeSheet(html: string): void {
    this.#writeFile(passwordSheetPath, Buffer.from(html, 'utf8'));
  }

  #stemOf(fingerprint: string): string {
    return this.#kits.get(fingerprint)!.stem;
  }

  #save(): void {
    const text = JSON.stringify({ version: 1, kits: [...this.#kits.values()] }, undefined, 2);
    this.#writeFile(recordFile, Buffer.from(`${text}\n`));
  }

  /** A file of the folder, readable by its owner alone; the old content stands when it cannot be written. */
  #writeFile(name: string, content: Uint8Array): void {
    const path = join(this.path, name);
    const temporary = `${path}.${process.pid}.part`;
    try {
      mkdirSync(join(this.path, passwordFolder), { recursive: true, mode: 0o700 });
      const file = openSync(temporary, 'w', 0o600);
      try {
        for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw new Problem('FILE_UNWRITABLE', {
        path,
        reason: (error as NodeJS.ErrnoException).code ?? 'error',
      });
    }
  }
}

/** Relative to the folder. */
const passwordPath = (stem: string): string => `${passwordFolder}/${stem}.txt`;
export const passwordSheetPath = `${passwordFolder}/passwords.html`;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function readRecord(path: string): readonly z.infer<typeof entry>[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'error';
    if (reason === 'ENOENT') return [];
    throw new Problem('FILE_UNREADABLE', { path, reason });
  }
  try {
    return record.parse(JSON.parse(text)).kits;
  } catch {
    throw new Problem('KIT_FOLDER_DAMAGED', { path });
  }
}

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'error';
    if (reason === 'ENOENT') return [];
    throw new Problem('FILE_UNREADABLE', { path, reason });
  }
}
