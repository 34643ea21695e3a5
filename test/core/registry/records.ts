import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthorityRecord, CertificateRecord } from '../../../core/registry/records.ts';
import { Registry } from '../../../core/registry/registry.ts';

export const now = new Date('2026-06-01T00:00:00Z');
export const clock = (): Date => now;

/** Runs `work` with a directory that is gone afterwards; its name has a space and Japanese in it. */
export async function withDirectory<T>(work: (directory: string) => T | Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'warifu 台帳-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs `work` with a new registry that holds one authority, `authority`. */
export async function withRegistry<T>(
  work: (registry: Registry, path: string) => T | Promise<T>,
): Promise<T> {
  return await withDirectory(async (directory) => {
    const path = join(directory, 'registry.sqlite');
    const registry = Registry.open(path, { clock });
    try {
      registry.write((rows) => {
        rows.authorities.insert(authority);
        rows.certificates.insert(rootCertificate);
      });
      return await work(registry, path);
    } finally {
      registry.close();
    }
  });
}

export function certificate(serial: string, fields: Partial<CertificateRecord> = {}): CertificateRecord {
  const der = fields.der ?? new Uint8Array(Buffer.from(`certificate ${serial}`));
  return {
    id: createHash('sha256').update(der).digest('hex'),
    authorityId: 'authority-1',
    serial,
    subject: `CN=user ${serial},O=Example`,
    commonName: `user ${serial}`,
    profile: 'client',
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2027-01-01T00:00:00Z',
    der,
    secretId: null,
    createdAt: '2026-01-01T00:00:00Z',
    ...fields,
  };
}

const rootCertificate = certificate('01', {
  subject: 'CN=根 CA',
  commonName: '根 CA',
  profile: 'ca',
  notAfter: '2036-01-01T00:00:00Z',
});

const authority: AuthorityRecord = {
  id: 'authority-1',
  name: '根 CA',
  certificateId: rootCertificate.id,
  keyIdentifier: 'aa'.repeat(20),
  secretId: null,
  crlDays: 30,
  signing: 'unlocked',
  createdAt: '2026-01-01T00:00:00Z',
};
