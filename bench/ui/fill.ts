/** A data directory with a CA and many certificates, written as the registry writes them, a signature for each apart. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { certificateRow } from '../../core/authority/issue.ts';
import { leafExtensions } from '../../core/authority/profiles.ts';
import { type Core, createCore } from '../../core/create-core.ts';
import type { AuthorityRecord } from '../../core/registry/records.ts';
import {
  buildTbsCertificate,
  parseCertificate,
  randomSerial,
  signStructure,
} from '../../core/x509/certificate.ts';
import { generatePrivateKey, publicKeyOf, type Signer, signerFor } from '../../core/x509/key.ts';
import { parseNameText } from '../../core/x509/name.ts';

export const passphrase = 'bench passphrase 割符';
export const caName = 'Acme Client CA';

const families = [
  '佐藤',
  '鈴木',
  '高橋',
  '田中',
  '伊藤',
  '渡辺',
  '山本',
  '中村',
  '小林',
  '加藤',
  '吉田',
  '山田',
  '佐々木',
  '山口',
  '松本',
  '井上',
  '木村',
  '林',
  '斎藤',
  '清水',
  '長谷川',
  '阿部',
  '森',
  '池田',
  '橋本',
  '石川',
  '前田',
  '藤田',
  '後藤',
  '岡田',
];
const givens = [
  '太郎',
  '花子',
  '健一',
  '美咲',
  '翔',
  '陽菜',
  '大輔',
  '結衣',
  '拓也',
  '直美',
  '誠',
  '恵',
  '蓮',
  '葵',
  '悠真',
  '凛',
  '浩',
  '由美子',
  '一郎',
  '千尋',
];
const latinFamilies = [
  'Smith',
  'Garcia',
  'Müller',
  'Chen',
  'Wang',
  'Novak',
  'Silva',
  'Kowalski',
  'Dubois',
  'Rossi',
  'Nguyen',
  'Kim',
  'Ivanov',
  'Andersson',
  'Okafor',
  'Haddad',
  'Jones',
  'Brown',
  'Tanaka',
  'Sato',
];
const latinGivens = [
  'Alice',
  'Bob',
  'Carla',
  'Dmitri',
  'Élise',
  'Farid',
  'Grace',
  'Hiro',
  'Ines',
  'Jan',
  'Kira',
  'Luis',
  'Mei',
  'Nadia',
  'Omar',
  'Petra',
  'Quentin',
  'Rosa',
  'Sven',
  'Tuan',
];
const organisations = [
  'Acme',
  '株式会社割符',
  'Example Trading',
  '東京精密工業',
  '上海贸易有限公司',
  'Nordwind',
  'Contoso',
  '大阪物流',
];
const departments = ['営業部', '開発部', 'Sales', 'Engineering', '財務部', '人事部', 'Support', '製造部'];

/** The same people in every run. */
export function subjectOf(n: number): string {
  const pick = (list: readonly string[], by: number): string => list[Math.floor(n / by) % list.length]!;
  const number = String(n).padStart(7, '0');
  const name =
    n % 5 < 3
      ? `${pick(families, 1)} ${pick(givens, 7)} ${number}`
      : `${pick(latinGivens, 1)} ${pick(latinFamilies, 3)} ${number}`;
  return `CN=${name}, OU=${pick(departments, 11)}, O=${pick(organisations, 13)}, C=JP`;
}

/** As after a restart: dd says that nobody will read the registry again (POSIX_FADV_DONTNEED). */
export function takeOutOfMemory(home: string): void {
  const file = `if=${join(home, 'registry.db')}`;
  execFileSync('dd', [file, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
}

/** Makes the home, or goes on with one that has too few. @returns the number of certificates in it */
export async function fill(home: string, wanted: number, tell: (line: string) => void): Promise<number> {
  const isNew = !existsSync(join(home, 'vault.json'));
  const core = createCore({ home, keychain: null });
  try {
    if (isNew) {
      await core.client.vault.initialize({ passphrase, keychain: false });
      await core.client.authority.create({ name: caName, subject: `CN=${caName}, O=Acme`, years: 20 });
      await core.client.settings.set({ language: 'en' });
    }
    return await insert(core, wanted, tell);
  } finally {
    await core.close();
  }
}

async function insert(
  { rooms: { context } }: Core,
  wanted: number,
  tell: (line: string) => void,
): Promise<number> {
  const { registry } = context;
  const [authority, have] = registry.read((rows) => [
    rows.authorities.byName(caName)!,
    rows.certificates.count(),
  ]);
  const issuer = parseCertificate(
    registry.read((rows) => rows.certificates.get(authority.certificateId)!).der,
  );
  const keys = await Promise.all(Array.from({ length: 8 }, () => generatePrivateKey('rsa-2048')));
  const signer = cheapSigner(signerFor(await generatePrivateKey('rsa-4096')));
  const spkis = keys.map(publicKeyOf);
  for (let from = have; from < wanted; from += batch) {
    registry.write((rows) => {
      for (let n = from; n < Math.min(wanted, from + batch); n++) {
        const revoked = n % 50 === 7;
        // Over five years: most have ended, some end soon, the newest are valid for long.
        const createdAt = new Date(Date.now() - ((wanted - n) / wanted) * 5 * 365 * day);
        const der = certificateOf(n, authority, issuer.subject, spkis[n % spkis.length]!, createdAt, signer);
        const row = certificateRow(
          der,
          authority.id,
          n % 100 === 3 ? 'server' : 'client',
          null,
          createdAt.toISOString(),
        );
        rows.certificates.insert(row);
        if (revoked)
          rows.revocations.insert({
            authorityId: authority.id,
            serial: row.serial,
            reason: 'superseded',
            revokedAt: createdAt.toISOString(),
            invalidityAt: null,
          });
      }
    });
    if ((from / batch) % 10 === 0) tell(`${from.toLocaleString('en')} certificates`);
  }
  return registry.read((rows) => rows.certificates.count());
}

const batch = 10_000;
const day = 86_400_000;

function certificateOf(
  n: number,
  authority: AuthorityRecord,
  issuer: ReturnType<typeof parseNameText>,
  spki: Uint8Array,
  createdAt: Date,
  signer: Signer,
): Uint8Array {
  const start = Math.floor(createdAt.getTime() / 1000) * 1000;
  return signStructure(
    buildTbsCertificate(
      {
        serial: randomSerial(),
        issuer,
        subject: parseNameText(subjectOf(n)),
        notBefore: new Date(start),
        notAfter: new Date(start + (365 + (n % 3) * 365) * day),
        spki,
        extensions: leafExtensions('client', spki, Buffer.from(authority.keyIdentifier, 'hex'), []),
      },
      signer.algorithm,
    ),
    signer,
  );
}

/** One true signature under all: a million of RSA-4096 would take hours, and nothing in a list verifies them. */
function cheapSigner(signer: Signer): Signer {
  const signature = signer.sign(Buffer.from('bench'));
  return { ...signer, sign: () => signature };
}
