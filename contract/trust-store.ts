import { z } from 'zod';
import { advertisedAuthorities, probeTarget } from './probe.ts';
import { procedure } from './procedure.ts';
import { fileBytes, reference, secretText } from './values.ts';

/** SHA-256 of the certificate's DER, lower-case hex. */
export const thumbprint = z.string().regex(/^[0-9a-f]{64}$/);
/** SHA-1 of the certificate's DER, lower-case hex: what Windows and SLB show. */
export const thumbprintSha1 = z.string().regex(/^[0-9a-f]{40}$/);

/** A place where certificates live for this user. */
export const storeSummary = z.object({
  /** Stable name of the place, as `--store` takes it. */
  id: z.string(),
  kind: z.enum(['nss', 'keychain', 'windows']),
  label: z.string(),
  path: z.string(),
  /** Who looks here for a certificate; for some the preference that makes them, in brackets. */
  readBy: z.array(z.string()),
  /** `absent`: nothing there yet; installing makes it. */
  state: z.enum(['present', 'absent']),
  /** True for the place that its browser reads today. */
  used: z.boolean(),
});
export type StoreSummary = z.infer<typeof storeSummary>;

/** A certificate as a store holds it. */
export const storedCertificate = z.object({
  thumbprint,
  thumbprintSha1,
  /** What the store calls it; certificates of one subject share it. */
  nickname: z.string(),
  subject: z.string(),
  issuer: z.string(),
  /** Lower-case hex. */
  serial: z.string(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  /** Its private key is in the store too. */
  hasKey: z.boolean(),
  /** basicConstraints say CA. */
  authority: z.boolean(),
  /** `server`: vouches for web sites; `client`: vouches for people. */
  trust: z.object({ server: z.boolean(), client: z.boolean() }),
});
export type StoredCertificate = z.infer<typeof storedCertificate>;

/** What became of the CA during an install. */
export const installedAuthority = z.object({
  thumbprint,
  thumbprintSha1,
  nickname: z.string(),
  subject: z.string(),
  /** What the store knew of it before. */
  before: z.enum(['absent', 'present', 'trusted']),
  trusted: z.boolean(),
  /** Trust was asked for, and the system's own question was answered with no or could not be shown. */
  declined: z.boolean().optional(),
});

/**
 * Only ever returned after the store was read back and the key in it has signed a nonce; on macOS, where the key
 * cannot always be tried, after the keychain has paired the certificate with a key that may sign.
 */
export const installResult = z.object({
  store: storeSummary,
  outcome: z.enum(['installed', 'already-installed']),
  certificate: storedCertificate,
  /** The top of the chain; null when the identity came without one. */
  authority: installedAuthority.nullable(),
  /** A browser that reads this store is running; Chromium keeps a refused choice until it is started again. */
  restartBrowser: z.boolean(),
  /** The system asks for its own password when a browser uses the key for the first time. */
  asksAtFirstUse: z.boolean().optional(),
});
export type InstallResult = z.infer<typeof installResult>;

export const removeResult = z.object({
  store: storeSummary,
  removed: storedCertificate,
  /** `kept`: not asked for, or the person told the system to keep it; `in-use`: another identity of the store comes from it; `absent`: there was none. */
  authority: z.object({
    outcome: z.enum(['kept', 'removed', 'in-use', 'absent']),
    thumbprint: thumbprint.nullable(),
  }),
  restartBrowser: z.boolean(),
});
export type RemoveResult = z.infer<typeof removeResult>;

/** The questions behind "why does my browser not offer the certificate?", in the order they are asked. */
export const diagnosisCheck = z.enum([
  'server-asks',
  'store-present',
  'store-used-by-browser',
  'store-unlocked',
  'certificate-present',
  'certificate-elsewhere',
  'key-usable',
  'key-access',
  /** The key's keeper can sign as TLS 1.3 demands; legacy providers of Windows cannot. */
  'key-provider',
  'not-before',
  'not-after',
  'for-client-authentication',
  'issuer-advertised',
  'signature-accepted',
  'authority-trusted',
  'policies-read',
  'policy-selects',
  'policy-own-authorities',
  'firefox-system-store',
  'browser-restarted',
]);
export type DiagnosisCheck = z.infer<typeof diagnosisCheck>;

/** `ok` null: could not be told, for the reason in `detail`. */
export const diagnosisFinding = z.object({
  check: diagnosisCheck,
  ok: z.boolean().nullable(),
  detail: z.string(),
  /** What the store calls the certificate that was asked about; absent when it is about store or machine. */
  certificate: z.string().optional(),
});
export type DiagnosisFinding = z.infer<typeof diagnosisFinding>;

/** A store as it could be read: what it holds, or why that cannot be told. */
export const storeContents = z.object({
  store: storeSummary,
  certificates: z.array(storedCertificate),
  /** Null when it could be read. */
  problem: z.object({ code: z.string(), data: z.record(z.string(), z.unknown()) }).nullable(),
});
export type StoreContents = z.infer<typeof storeContents>;

export const diagnosis = z.object({
  store: storeSummary,
  /** What the server says it accepts; null without a server to ask. */
  authorities: advertisedAuthorities.nullable(),
  findings: z.array(diagnosisFinding),
});
export type Diagnosis = z.infer<typeof diagnosis>;

const place = {
  /** Id of the store; the one that the browser reads when absent. */
  store: reference.optional(),
  storePassword: secretText.optional(),
};

export const trustStore = {
  list: procedure.input(z.object(place).pick({ storePassword: true })).output(z.array(storeContents)),
  /** In every store: by thumbprint (SHA-256 or SHA-1, colons allowed), or by part of a name. */
  find: procedure
    .input(z.object({ search: reference }))
    .output(z.array(z.object({ store: storeSummary, certificate: storedCertificate }))),
  /** "Why does my browser not offer the certificate?" Changes nothing; with a target it asks that server too. */
  diagnose: procedure
    .input(z.object({ ...place, thumbprint: reference.optional(), target: probeTarget.optional() }))
    .output(diagnosis),
  /** A PKCS#12 of any origin, or a certificate whose key Warifu keeps. */
  install: procedure
    .input(
      z.object({
        ...place,
        identity: z.union([
          z.object({ pkcs12: fileBytes, password: secretText, thumbprint: z.string().optional() }),
          z.object({ certificate: reference }),
        ]),
        /** The person agreed that the CA may vouch for web sites here. */
        trustCa: z.boolean().default(false),
      }),
    )
    .output(installResult),
  remove: procedure
    .input(z.object({ ...place, thumbprint: reference, removeCa: z.boolean().default(false) }))
    .output(removeResult),
};
