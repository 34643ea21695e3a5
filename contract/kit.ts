/** Kits: zips with which people install their certificate without Warifu, and their passwords apart. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { kitFault } from './kit-faults.ts';
import { languages } from './problems/define.ts';
import { procedure } from './procedure.ts';
import { fileBytes, hex, instant, keyAlgorithm, reference } from './values.ts';

export const kitLanguage = z.enum(languages);
/** The system a kit is for; `any` carries the way for each. */
export const kitTarget = z.enum(['any', 'windows', 'macos', 'linux']);
export type KitTarget = z.infer<typeof kitTarget>;

/** How a list can be written; `auto` finds out and says which. */
export const listEncoding = z.enum(['auto', 'utf-8', 'utf-16le', 'shift_jis', 'gb18030']);
export type ListEncoding = z.infer<typeof listEncoding>;

export const kitColumn = z.enum([
  'name',
  'email',
  'organisation',
  'department',
  'days',
  'language',
  'target',
]);
export type KitColumn = z.infer<typeof kitColumn>;

/** One person as text, exactly as a line of a list has it; what is absent comes from the defaults. */
export const kitPerson = z.object({
  name: z.string().max(1000),
  /** E-mail addresses or host names, apart by spaces, commas or semicolons. */
  email: z.string().max(4000).optional(),
  organisation: z.string().max(1000).optional(),
  department: z.string().max(1000).optional(),
  days: z.string().max(20).optional(),
  language: z.string().max(40).optional(),
  target: z.string().max(40).optional(),
});
export type KitPerson = z.infer<typeof kitPerson>;

/** What a window asks for: it names no folder, the person saves what comes out. */
export const kitOrder = z.object({
  people: z.union([
    /** A person who has a certificate already, and whose key Warifu keeps. */
    z.object({ certificate: reference }),
    z.object({ authority: reference, person: kitPerson }),
    z.object({ authority: reference, list: fileBytes, encoding: listEncoding.default('auto') }),
  ]),
  defaults: z
    .object({
      organisation: z.string().max(64).optional(),
      department: z.string().max(64).optional(),
      days: z.number().int().min(1).max(3660).default(365),
      language: kitLanguage.default('en'),
      target: kitTarget.default('any'),
      keyAlgorithm: keyAlgorithm.default('rsa-2048'),
    })
    .prefault({}),
  /** The site that the certificate opens, named in the guide. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  /** Issue anew even for people who have a valid certificate with the same subject and names. */
  reissue: z.boolean().default(false),
  /** `kit`: a zip with everything that a person needs; `pkcs12`: the .p12 alone. */
  form: z.enum(['kit', 'pkcs12']).default('kit'),
});
export type KitOrder = z.input<typeof kitOrder>;

export const kitRequest = kitOrder.omit({ form: true }).extend({
  /** Absolute path; made when absent. Run again with the same folder, what is there is left as it is. */
  folder: z.string().min(1).max(4000),
});
export type KitRequest = z.input<typeof kitRequest>;

/** `done`: the kit of this certificate lies in the folder, unaltered. */
export const kitAction = z.enum(['issue', 'reuse', 'done']);

export const plannedKit = z.object({
  /** Line in the list; null without one. */
  line: z.number().int().nullable(),
  name: z.string(),
  subject: z.string(),
  names: z.array(z.string()),
  days: z.number().int(),
  language: kitLanguage,
  target: kitTarget,
  action: kitAction,
  /** The certificate that is used again. */
  certificate: z.object({ fingerprint: hex, notAfter: instant }).nullable(),
});
export type PlannedKit = z.infer<typeof plannedKit>;

export const kitPlan = z.object({
  /** How the list was read; null without one. */
  list: z
    .object({
      encoding: listEncoding.exclude(['auto']),
      separator: z.string(),
      /** `meaning` null: not used. */
      columns: z.array(z.object({ header: z.string(), meaning: kitColumn.nullable() })),
    })
    .nullable(),
  kits: z.array(plannedKit),
  /** Every bad line. While there is one, nothing is issued. */
  faults: z.array(kitFault),
});
export type KitPlan = z.infer<typeof kitPlan>;

export const kitEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan'), plan: kitPlan }),
  z.object({
    type: z.literal('kit'),
    outcome: kitAction,
    done: z.number().int(),
    total: z.number().int(),
    name: z.string(),
    /** File name of the zip, in the folder. */
    file: z.string(),
  }),
]);
export type KitEvent = z.infer<typeof kitEvent>;

const madeKit = z.object({
  name: z.string(),
  outcome: kitAction,
  /** Its name; relative to the folder where there is one. */
  file: z.string(),
  fingerprint: hex,
  notAfter: instant,
});
export type MadeKit = z.infer<typeof madeKit>;

export const kitResult = z.object({
  folder: z.string(),
  kits: z.array(madeKit.extend({ passwordFile: z.string() })),
  /** One page for each person, to print and cut; relative to the folder. */
  passwordSheet: z.string(),
});
export type KitResult = z.infer<typeof kitResult>;

export const packedKits = z.object({
  /** What they are collected by. */
  id: z.string(),
  kits: z.array(madeKit),
});
export type PackedKits = z.infer<typeof packedKits>;

export const collectedKits = z.object({
  fileName: z.string(),
  /** The kit, or a zip of all of them. No password is in it. */
  file: z.instanceof(Blob),
  /** When it is one kit: shown once. */
  password: z.string().nullable(),
  /** HTML with a page for each person, to print and cut; to be kept apart from `file`. */
  passwords: z.instanceof(Blob),
});
export type CollectedKits = z.infer<typeof collectedKits>;

export const kit = {
  /** Reads, checks and compares; issues and writes nothing. */
  plan: procedure.input(kitRequest).output(kitPlan),
  /** Passwords go to files in the folder alone; none passes through here. */
  make: procedure.input(kitRequest).output(eventIterator(kitEvent, kitResult)),
  /** As `plan`, without a folder. */
  check: procedure.input(kitOrder).output(kitPlan),
  /** As `make`; the kits wait in memory until they are collected, the vault is locked, or others are packed. */
  pack: procedure.input(kitOrder).output(eventIterator(kitEvent, packedKits)),
  /** Once: afterwards they are the face's alone. */
  collect: procedure.input(z.object({ id: z.string().max(100) })).output(collectedKits),
};
