/**
 * The backup file, version 1 (docs/recovery.md tells it to somebody without Warifu):
 *
 *     "warifu backup 1\n"
 *     header      one line of JSON, "\n" at its end: see `headerSchema`
 *     ciphertext  registry.db: AES-256-GCM, IV of 12 zero octets, the two lines above as AAD
 *     tag         16 octets
 *     digest      SHA-256 of everything before it
 *
 * The key is HKDF-SHA256 of the vault key for this one file (`warifu backup <id>`), so the IV never meets a key twice.
 * The digest shows damage to everybody; the tag shows forgery to those who have the key.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { BackupSummary } from '../../contract/backup.ts';
import { Problem } from '../../contract/problem.ts';

const magic = 'warifu backup 1\n';
const cipherName = 'aes-256-gcm';
const iv = new Uint8Array(12);
const tagLength = 16;
const digestLength = 32;
/** vault.json with 16 slots takes about 8,000 octets. */
const longestHeader = 256 * 1024;

const headerSchema = z.strictObject({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  authorities: z.int().min(0),
  certificates: z.int().min(0),
  audit: z.strictObject({ seq: z.int().min(0), hash: z.hex().length(64) }),
  /** Octets of registry.db. */
  registry: z.int().min(0),
  vaultId: z.uuid(),
  /** vault.json as it stands, base64. */
  vault: z.base64(),
});
export type BackupHeader = z.infer<typeof headerSchema>;

/** What the key of one backup is derived for; see `Vault.deriveKey`. */
export const backupPurpose = ({ id }: Pick<BackupHeader, 'id'>): string => `backup ${id}`;

/** Encrypts the file `registry` to a new file `to` (0600), which is on the disk when this resolves. */
export async function writeBackup(
  header: BackupHeader,
  key: Uint8Array,
  registry: string,
  to: string,
): Promise<void> {
  const head = Buffer.from(`${magic}${JSON.stringify(header)}\n`);
  const cipher = createCipheriv(cipherName, key, iv, { authTagLength: tagLength });
  cipher.setAAD(head);
  const digest = createHash('sha256');
  await pipeline(
    createReadStream(registry),
    async function* (plaintext: AsyncIterable<Buffer>) {
      const hashed = (octets: Buffer): Buffer => {
        digest.update(octets);
        return octets;
      };
      yield hashed(head);
      for await (const chunk of plaintext) yield hashed(cipher.update(chunk));
      cipher.final();
      yield hashed(cipher.getAuthTag());
      yield digest.digest();
    },
    createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }),
  );
}

/**
 * Reads a backup to its end.
 * @throws Problem NOT_A_BACKUP, BACKUP_NEWER, BACKUP_DAMAGED with the part that is wrong
 */
export async function readBackup(
  file: Blob,
): Promise<{ readonly header: BackupHeader; readonly summary: BackupSummary }> {
  const { header } = await readHead(file);
  const end = file.size - digestLength;
  const digest = createHash('sha256');
  for await (const chunk of file.slice(0, end).stream()) digest.update(chunk);
  const found = digest.digest('hex');
  const stored = Buffer.from(await file.slice(end).arrayBuffer()).toString('hex');
  if (found !== stored) throw damaged('SHA-256');
  const { createdAt, vaultId, authorities, certificates, audit } = header;
  const summary = { createdAt, vaultId, authorities, certificates, audit, size: file.size, digest: stored };
  return { header, summary };
}

/**
 * Decrypts the registry in it to a new file `to` (0600).
 * @throws Problem BACKUP_DAMAGED when it was changed, or `key` is not its key; `to` then holds nothing of use
 */
export async function decryptBackup(file: Blob, key: Uint8Array, to: string): Promise<void> {
  const { header, length } = await readHead(file);
  const end = length + header.registry;
  const decipher = createDecipheriv(cipherName, key, iv, { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(await file.slice(0, length).arrayBuffer()));
  decipher.setAuthTag(Buffer.from(await file.slice(end, end + tagLength).arrayBuffer()));
  await pipeline(
    file.slice(length, end).stream(),
    async function* (ciphertext: AsyncIterable<Uint8Array>) {
      for await (const chunk of ciphertext) yield decipher.update(chunk);
      try {
        decipher.final();
      } catch {
        throw damaged('AES-GCM');
      }
    },
    createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }),
  );
}

async function readHead(file: Blob): Promise<{ readonly header: BackupHeader; readonly length: number }> {
  const start = Buffer.from(await file.slice(0, magic.length + longestHeader).arrayBuffer());
  const first = start.subarray(0, magic.length).toString('latin1');
  const version = /^warifu backup (\d{1,6})\n/.exec(start.subarray(0, 32).toString('latin1'))?.[1];
  if (version === undefined) throw new Problem('NOT_A_BACKUP', {});
  if (first !== magic) throw new Problem('BACKUP_NEWER', { found: Number(version), supported: 1 });
  const lineEnd = start.indexOf('\n', magic.length);
  const header = headerSchema.safeParse(parse(start.subarray(magic.length, Math.max(lineEnd, 0)).toString()));
  if (lineEnd < 0 || !header.success) throw damaged('header');
  const length = lineEnd + 1;
  if (file.size !== length + header.data.registry + tagLength + digestLength) throw damaged('length');
  return { header: header.data, length };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const damaged = (reason: string): Problem => new Problem('BACKUP_DAMAGED', { reason });
