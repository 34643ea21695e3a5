/** Step 2: certificate authorities and their CRLs. */
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { hex, instant, keyAlgorithm, label, reference } from './values.ts';
import { credential } from './vault.ts';

/** `asked`: the passphrase is given anew for every signature; `unlocked`: an unlocked vault is enough. */
export const signingMode = z.enum(['unlocked', 'asked']);

export const authorityView = z.object({
  id: z.string(),
  name: z.string(),
  subject: z.string(),
  key: z.string(),
  serial: hex,
  /** SHA-256. */
  fingerprint: hex,
  /** SHA-1 in pairs with colons, as CLB shows it. */
  fingerprintSha1: z.string(),
  notBefore: instant,
  notAfter: instant,
  crlDays: z.number().int(),
  signing: signingMode,
  /** Its key is in this vault; without it, requests travel to the machine that has it. */
  hasKey: z.boolean(),
  /** Certificates issued, revoked ones included. */
  issued: z.number().int(),
  revoked: z.number().int(),
  crl: z.object({ number: z.number().int(), nextUpdate: instant }).nullable(),
  /** Why CLB would refuse this CA; null when it takes it. */
  clbObstacle: z.string().nullable(),
});
export type AuthorityView = z.infer<typeof authorityView>;

export const createAuthorityInput = z.object({
  name: label,
  /** RFC 4514 text; text without `=` is the common name. */
  subject: z.string().min(1).max(1000),
  keyAlgorithm: keyAlgorithm.default('rsa-4096'),
  years: z.number().int().min(1).max(40).default(10),
  crlDays: z.number().int().min(1).max(3650).default(30),
  signing: signingMode.default('unlocked'),
});
export type CreateAuthorityInput = z.infer<typeof createAuthorityInput>;

export const revocationReason = z.enum([
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
]);

export const crlView = z.object({
  authority: z.string(),
  number: z.number().int(),
  thisUpdate: instant,
  nextUpdate: instant,
  entries: z.number().int(),
  pem: z.string(),
});
export type CrlView = z.infer<typeof crlView>;

export const authority = {
  create: procedure.input(createAuthorityInput).output(authorityView),
  list: procedure.output(z.array(authorityView)),
  get: procedure.input(z.object({ authority: reference })).output(authorityView),
  exportCertificate: procedure
    .input(z.object({ authority: reference }))
    .output(z.object({ pem: z.string() })),
  publishCrl: procedure.input(z.object({ authority: reference })).output(crlView),
  /** For a CA that asks: approves the next signatures, for a minute. */
  approveSigning: procedure
    .input(
      z.object({
        authority: reference,
        credential,
        signatures: z.number().int().min(1).max(100_000).default(1),
      }),
    )
    .output(z.object({ authority: z.string(), signatures: z.number().int() })),
  /** The keeper proves themselves, so that nobody at an open screen can make a CA stop asking. */
  setSigning: procedure
    .input(z.object({ authority: reference, signing: signingMode, credential }))
    .output(authorityView),
  latestCrl: procedure.input(z.object({ authority: reference })).output(crlView.nullable()),
};
