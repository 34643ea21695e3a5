/** PKCS#12 files of any maker: what is in them, which systems import them, and the same identity wrapped anew. */
import { z } from 'zod';
import { exportedFile, pkcs12Profile } from './certificate.ts';
import { pkcs12Reason } from './pkcs12-reasons.ts';
import { procedure } from './procedure.ts';
import { fileBytes, hex, instant, secretText } from './values.ts';

/**
 * Where a file is to be opened. `windows`: Windows 10 1709, Server 2019 and later. `windows-2016`: Server 2016 and
 * everything before. `macos`: Keychain. `nss`: Chromium and Firefox on Linux. `java`: keytool. `android`: up to 12.
 */
export const pkcs12Targets = ['windows', 'windows-2016', 'macos', 'nss', 'java', 'android'] as const;
export const pkcs12Target = z.enum(pkcs12Targets);
export type Pkcs12Target = z.infer<typeof pkcs12Target>;

/** An algorithm by name, and its iterations (scrypt: N); `none` and 0 when there is no protection. */
const protection = z.object({ algorithm: z.string(), iterations: z.number().int() });

export const pkcs12Certificate = z.object({
  /** SHA-256. */
  thumbprint: hex,
  thumbprintSha1: hex,
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  notBefore: instant,
  notAfter: instant,
  key: z.string(),
});
export type Pkcs12Certificate = z.infer<typeof pkcs12Certificate>;

export const pkcs12Identity = z.object({
  friendlyName: z.string().nullable(),
  /** The Windows provider that the file names for the key. */
  keyProvider: z.string().nullable(),
  /** What kind of private key; `?` when it cannot be read. */
  key: z.string(),
  /** Null: the file has no certificate for this key. */
  certificate: pkcs12Certificate.nullable(),
  /** The private key is the certificate's own. */
  matches: z.boolean(),
  /** Issuers found in the file, nearest first. */
  chain: z.array(pkcs12Certificate),
  /** The chain ends at a certificate that signed itself. */
  complete: z.boolean(),
});
export type Pkcs12Identity = z.infer<typeof pkcs12Identity>;

export const pkcs12Verdict = z.object({
  target: pkcs12Target,
  imports: z.enum(['yes', 'no', 'uncertain']),
  reasons: z.array(pkcs12Reason),
});
export type Pkcs12Verdict = z.infer<typeof pkcs12Verdict>;

export const pkcs12Contents = z.object({
  mac: protection,
  /** Each different protection that a private key, or a certificate, has. */
  keys: z.array(protection),
  certificates: z.array(protection),
  /** The file opens with the empty password. */
  passwordNeeded: z.boolean(),
  identities: z.array(pkcs12Identity),
  /** Certificates that belong to no identity and no chain. */
  extra: z.array(pkcs12Certificate),
  /** What else is in it: `CRL`, `secret`, or an OID. */
  others: z.array(z.string()),
  targets: z.array(pkcs12Verdict),
});
export type Pkcs12Contents = z.infer<typeof pkcs12Contents>;

/** Why the new file is made as it is. */
export const rewrapChoice = z.enum(['only-form-it-reads', 'strongest-form-it-reads', 'asked-for']);

export const rewrapResult = exportedFile.extend({
  target: pkcs12Target,
  profile: pkcs12Profile,
  choice: rewrapChoice,
  identity: pkcs12Identity,
  /** What stood against the old file at this target. */
  before: pkcs12Verdict,
});
export type RewrapResult = z.infer<typeof rewrapResult>;

const file = {
  pkcs12: fileBytes,
  /** Tried as the empty password when absent. */
  password: secretText.optional(),
};

export const pkcs12 = {
  inspect: procedure.input(z.object(file)).output(pkcs12Contents),
  rewrap: procedure
    .input(
      z.object({
        ...file,
        target: pkcs12Target,
        /** In place of the form that fits the target. */
        profile: pkcs12Profile.optional(),
        /** SHA-256 or SHA-1 thumbprint of the certificate that is meant, when there are several. */
        identity: z.string().max(200).optional(),
        /** Printable ASCII, 8 characters or more; a strong one is made when absent. */
        newPassword: secretText.optional(),
      }),
    )
    .output(rewrapResult),
};
