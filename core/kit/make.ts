/** Makes kits: issues what is missing, wraps each identity under a password of its own, hands out kit and password. */
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { KitEvent, MadeKit } from '../../contract/kit.ts';
import { Problem } from '../../contract/problem.ts';
import { chainOf, unsealKey } from '../authority/export.ts';
import { safeFileName } from '../authority/file-name.ts';
import { issueLeaf, requireIssuer, validityFromNow } from '../authority/issue.ts';
import { audit, type CoreContext, requireUnlocked } from '../context.ts';
import { progressOf } from '../progress.ts';
import type { CertificateRecord } from '../registry/records.ts';
import { publicKeyOf } from '../x509/key.ts';
import { generatePassword } from '../x509/pkcs12/password.ts';
import { writePkcs12 } from '../x509/pkcs12/write.ts';
import { kitZip } from './contents.ts';
import { passwordSheet, passwordText, readPasswordText } from './passwords.ts';
import type { CheckedRequest } from './people.ts';
import type { KitPlace } from './place.ts';
import { issuerOf, type KitWork, prepareKits } from './plan.ts';

export interface KitOrder extends CheckedRequest {
  /** `kit`: a zip with everything; `pkcs12`: the identity alone, with the CA, for whoever knows where it goes. */
  readonly form: 'kit' | 'pkcs12';
}

/**
 * Plan, progress, result. People whose valid certificate is found are not issued a second one, kits that lie at the
 * place are left alone. `signal` stops it between people. The place is opened when it is this run's turn.
 * @throws Problem KIT_LIST_FAULTY and SIGNATURE_NOT_APPROVED before anything is issued; KIT_CANCELLED; KEY_NOT_KEPT, VAULT_LOCKED, FILE_UNWRITABLE
 */
export function makeKits(
  context: CoreContext,
  order: KitOrder,
  openPlace: () => KitPlace,
  signal?: AbortSignal,
): AsyncGenerator<KitEvent, readonly MadeKit[], void> {
  return progressOf((tell) =>
    inTurn(context, async () => {
      const place = openPlace();
      const { plan, work } = prepareKits(context, order, place);
      tell({ type: 'plan', plan });
      const { faults } = plan;
      if (faults.length > 0)
        throw new Problem('KIT_LIST_FAULTY', {
          count: faults.length,
          lines: [...new Set(faults.map(({ line }) => line))].join(', '),
        });
      requireUnlocked(context);
      return makeAll(context, order, work, place, tell, signal);
    }),
  );
}

const lastRuns = new WeakMap<CoreContext, Promise<unknown>>();

/**
 * One run after the other: a run that was stopped still finishes those it has begun, and the next one must find their
 * certificates.
 */
function inTurn<T>(context: CoreContext, run: () => Promise<T>): Promise<T> {
  const mine = Promise.resolve(lastRuns.get(context)).then(run);
  lastRuns.set(
    context,
    mine.catch(() => {}),
  );
  return mine;
}

async function makeAll(
  context: CoreContext,
  order: KitOrder,
  work: readonly KitWork[],
  place: KitPlace,
  tell: (event: KitEvent) => void,
  signal: AbortSignal | undefined,
): Promise<readonly MadeKit[]> {
  requireIssuers(context, work);
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
      // Wrapping takes its time and waits for nothing: between people others get a turn, who wants to stop it among them.
      await setImmediate();
      if (signal?.aborted) return;
      const [at, item] = next;
      const record = item.record ?? (await issue(context, order, item));
      if (item.view.action !== 'done') makeOne(context, order, place, item, record);
      records[at] = record;
      tell({
        type: 'kit',
        outcome: item.view.action,
        done: ++done,
        total: work.length,
        name: item.view.name,
        file: place.fileOf(record.id),
      });
    }
  };
  // While one lane wraps, the keys of the others are made, and signed, on other threads.
  const lanes = await Promise.allSettled(Array.from({ length: availableParallelism() + 1 }, lane));
  writeSheet(place, work, records, order.url);
  const failed = lanes.find((settled) => settled.status === 'rejected');
  if (failed) throw failed.reason;
  if (done < work.length) throw new Problem('KIT_CANCELLED', { done, total: work.length });
  return work.map(({ view }, at) => ({
    name: view.name,
    outcome: view.action,
    file: place.fileOf(records[at]!.id),
    fingerprint: records[at]!.id,
    notAfter: records[at]!.notAfter,
  }));
}

/** A CA that asks is asked once, for everybody. @throws Problem SIGNATURE_NOT_APPROVED, AUTHORITY_* */
function requireIssuers(context: CoreContext, work: readonly KitWork[]): void {
  const unissued = work.filter(({ record }) => record === undefined);
  for (const authority of new Set(unissued.map((item) => item.authority)))
    requireIssuer(context, authority, unissued.filter((item) => item.authority === authority).length);
}

async function issue(
  context: CoreContext,
  { defaults }: CheckedRequest,
  { person, authority }: KitWork,
): Promise<CertificateRecord> {
  const privateKey = await context.keyMaker.make(defaults.keyAlgorithm);
  try {
    return await issueLeaf(context, {
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
  { form, url }: KitOrder,
  place: KitPlace,
  { view, person, authority }: KitWork,
  record: CertificateRecord,
): void {
  const key = unsealKey(context, record);
  const password = generatePassword();
  const stem = place.claim(record.id, safeFileName(view.name, `certificate-${record.serial.slice(0, 8)}`));
  const pkcs12 = writePkcs12({
    profile: 'compatible',
    password,
    friendlyName: view.name,
    key,
    // A kit's is without the CA: opening it must not put a root anywhere; the kit asks about that by itself.
    certificates: form === 'kit' ? [record.der] : [...chainOf(context, record)],
  });
  key.fill(0);
  const content =
    form === 'pkcs12'
      ? pkcs12
      : kitZip({
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
  const file = place.fileOf(record.id);
  place.write(record.id, passwordText({ name: view.name, file, url, password }, person.language), content);
  context.registry.write((rows) =>
    audit(context, rows, form === 'kit' ? 'kit.made' : 'certificate.exported', {
      serial: record.serial,
      subject: record.subject,
      fingerprint: record.id,
      format: 'pkcs12-compatible',
    }),
  );
}

/** Of everybody on the list whose kit is there, in the order of the list. */
function writeSheet(
  place: KitPlace,
  work: readonly KitWork[],
  records: readonly (CertificateRecord | undefined)[],
  url: string | undefined,
): void {
  const pages = work.flatMap(({ view, person }, at) => {
    const record = records[at];
    if (!record) return [];
    const password = readPasswordText(place.readPassword(record.id));
    const file = place.fileOf(record.id);
    return [{ name: view.name, file, url, password, language: person.language }];
  });
  if (pages.length > 0) place.writeSheet(passwordSheet(pages));
}
