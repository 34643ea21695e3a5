/** Makes kits: issues what is missing, wraps each identity under a password of its own, writes zip and password. */
import { availableParallelism } from 'node:os';
import type { KitEvent, KitResult } from '../../contract/kit.ts';
import { Problem } from '../../contract/problem.ts';
import { unsealKey } from '../authority/export.ts';
import { safeFileName } from '../authority/file-name.ts';
import { issueLeaf, validityFromNow } from '../authority/issue.ts';
import { audit, type CoreContext, requireUnlocked } from '../context.ts';
import { progressOf } from '../progress.ts';
import type { CertificateRecord } from '../registry/records.ts';
import { generatePrivateKey, publicKeyOf } from '../x509/key.ts';
import { generatePassword } from '../x509/pkcs12/password.ts';
import { writePkcs12 } from '../x509/pkcs12/write.ts';
import { kitZip } from './contents.ts';
import { passwordPath, passwordSheetPath } from './folder.ts';
import { passwordSheet, passwordText, readPasswordText } from './passwords.ts';
import type { CheckedRequest } from './people.ts';
import { issuerOf, type KitWork, type PreparedKits, prepareKits } from './plan.ts';

/**
 * Plan, progress, result. People whose valid certificate is found are not issued a second one, kits that lie in the
 * folder are left alone; so the same call again goes on where it was stopped. `signal` stops it between people.
 * @throws Problem KIT_LIST_FAULTY before anything is issued; KIT_CANCELLED; KEY_NOT_KEPT, VAULT_LOCKED, FILE_UNWRITABLE
 */
export function makeKits(
  context: CoreContext,
  request: CheckedRequest,
  signal?: AbortSignal,
): AsyncGenerator<KitEvent, KitResult, void> {
  return progressOf(async (tell) => {
    const prepared = prepareKits(context, request);
    tell({ type: 'plan', plan: prepared.plan });
    const { faults } = prepared.plan;
    if (faults.length > 0)
      throw new Problem('KIT_LIST_FAULTY', {
        count: faults.length,
        lines: [...new Set(faults.map(({ line }) => line))].join(', '),
      });
    requireUnlocked(context);
    return makeAll(context, request, prepared, tell, signal);
  });
}

async function makeAll(
  context: CoreContext,
  request: CheckedRequest,
  { work, folder }: PreparedKits,
  tell: (event: KitEvent) => void,
  signal: AbortSignal | undefined,
): Promise<KitResult> {
  const records: CertificateRecord[] = [];
  let done = 0;
  const queue = [...work.entries()];
  const lane = async (): Promise<void> => {
    try {
      await takeTurns();
    } catch (error) {
      // What stops one stops all.
      queue.length = 0;
      throw error;
    }
  };
  const takeTurns = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (signal?.aborted) return;
      const [at, item] = next;
      const record = item.record ?? (await issue(context, request, item));
      if (item.view.action !== 'done') makeOne(context, request, folder, item, record);
      records[at] = record;
      const file = `${folder.stemOf(record.id)}.zip`;
      tell({
        type: 'kit',
        outcome: item.view.action,
        done: ++done,
        total: work.length,
        name: item.view.name,
        file,
      });
    }
  };
  // While one lane signs and wraps, the keys of the others are made on other threads.
  const lanes = await Promise.allSettled(Array.from({ length: availableParallelism() + 1 }, lane));
  writeSheet(folder, work, records, request.url);
  const failed = lanes.find((settled) => settled.status === 'rejected');
  if (failed) throw failed.reason;
  if (done < work.length) throw new Problem('KIT_CANCELLED', { done, total: work.length });
  return {
    folder: folder.path,
    kits: work.map(({ view }, at) => {
      const stem = folder.stemOf(records[at]!.id);
      return {
        name: view.name,
        outcome: view.action,
        file: `${stem}.zip`,
        passwordFile: passwordPath(stem),
        fingerprint: records[at]!.id,
        notAfter: records[at]!.notAfter,
      };
    }),
    passwordSheet: passwordSheetPath,
  };
}

async function issue(
  context: CoreContext,
  { defaults }: CheckedRequest,
  { person, authority }: KitWork,
): Promise<CertificateRecord> {
  const privateKey = await generatePrivateKey(defaults.keyAlgorithm);
  try {
    return issueLeaf(context, {
      authority,
      profile: 'client',
      purpose: 'client',
      subject: person.subject,
      spki: publicKeyOf(privateKey),
      names: person.names,
      validity: validityFromNow(context, person.days),
      privateKey,
    });
  } finally {
    privateKey.fill(0);
  }
}

function makeOne(
  context: CoreContext,
  { url }: CheckedRequest,
  folder: PreparedKits['folder'],
  { view, person, authority }: KitWork,
  record: CertificateRecord,
): void {
  const key = unsealKey(context, record);
  const password = generatePassword();
  const stem = folder.claim(record.id, safeFileName(view.name, `certificate-${record.serial.slice(0, 8)}`));
  const pkcs12 = writePkcs12({
    profile: 'compatible',
    password,
    friendlyName: view.name,
    key,
    // Without the CA: opening the file must not put a root anywhere; the kit asks about that by itself.
    certificates: [record.der],
  });
  key.fill(0);
  const zip = kitZip({
    name: view.name,
    stem,
    pkcs12,
    certificate: record.der,
    authority: issuerOf(context, authority),
    language: person.language,
    target: person.target,
    url,
    madeAt: context.clock(),
  });
  folder.write(
    record.id,
    passwordText({ name: view.name, file: `${stem}.zip`, url, password }, person.language),
    zip,
  );
  context.registry.write((rows) =>
    audit(context, rows, 'kit.made', {
      serial: record.serial,
      subject: record.subject,
      fingerprint: record.id,
      format: 'pkcs12-compatible',
    }),
  );
}

/** Of everybody on the list whose kit is there, in the order of the list. */
function writeSheet(
  folder: PreparedKits['folder'],
  work: readonly KitWork[],
  records: readonly (CertificateRecord | undefined)[],
  url: string | undefined,
): void {
  const pages = work.flatMap(({ view, person }, at) => {
    const record = records[at];
    if (!record) return [];
    const password = readPasswordText(folder.readPassword(record.id));
    const file = `${folder.stemOf(record.id)}.zip`;
    return [{ name: view.name, file, url, password, language: person.language }];
  });
  if (pages.length > 0) folder.writeFile(passwordSheetPath, Buffer.from(passwordSheet(pages), 'utf8'));
}
