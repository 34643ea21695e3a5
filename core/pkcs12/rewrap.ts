/** The same key and certificate in a file that one system opens. */
import type { z } from 'zod';
import type { Pkcs12Target, RewrapResult, rewrapChoice } from '../../contract/pkcs12.ts';
import { Problem } from '../../contract/problem.ts';
import { safeFileName } from '../authority/file-name.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { X509Error } from '../x509/errors.ts';
import { commonName } from '../x509/name.ts';
import { generatePassword } from '../x509/pkcs12/password.ts';
import type { Pkcs12Profile } from '../x509/pkcs12/write.ts';
import { writePkcs12Aside } from './aside.ts';
import { type OpenedFile, type OpenedIdentity, openFile } from './open.ts';
import { judgeFile, keyObstacle } from './targets.ts';

/** The strongest form that each system is known to read. */
const bestProfile: Readonly<Record<Pkcs12Target, Pkcs12Profile>> = {
  windows: 'modern',
  'windows-2016': 'compatible',
  macos: 'compatible',
  nss: 'modern',
  java: 'modern',
  android: 'compatible',
};

export interface RewrapRequest {
  readonly pkcs12: Uint8Array;
  readonly password: string | undefined;
  readonly target: Pkcs12Target;
  readonly profile: Pkcs12Profile | undefined;
  /** Thumbprint, SHA-256 or SHA-1, of the certificate that is meant. */
  readonly identity: string | undefined;
  readonly newPassword: string | undefined;
}

/**
 * Key, certificate and chain of one identity under a new password; certificates that do not belong to it stay behind.
 * @throws Problem IDENTITY_ABSENT, IDENTITY_AMBIGUOUS, PKCS12_TARGET_REFUSES, PKCS12_PROFILE_REFUSED,
 *   PKCS12_PASSWORD_UNFIT
 * @throws X509Error as openFile, and KEY_MISMATCH
 */
export async function rewrapFile(request: RewrapRequest): Promise<RewrapResult> {
  const { target, newPassword } = request;
  if (newPassword !== undefined && !/^[\x20-\x7e]{8,127}$/.test(newPassword))
    throw new Problem('PKCS12_PASSWORD_UNFIT', {});
  const { profile, choice } = chooseProfile(target, request.profile);
  const file = await openFile(request.pkcs12, request.password);
  const identity = chooseIdentity(file, request.identity);
  const obstacle = keyObstacle(identity.view.key, target);
  if (obstacle) throw new Problem('PKCS12_TARGET_REFUSES', { target, key: identity.view.key });
  if (!identity.view.matches) throw new X509Error('KEY_MISMATCH', { what: 'certificate' });

  const chosen = newPassword ?? generatePassword();
  const name = nameOf(identity);
  const bytes = await writePkcs12Aside({
    profile,
    password: chosen,
    friendlyName: name,
    key: identity.key,
    certificates: identity.certificates,
  }).finally(() => identity.key.fill(0));
  return {
    fileName: `${safeFileName(name, 'identity')}-${target}.p12`,
    bytes: Buffer.from(bytes).toString('base64'),
    password: newPassword === undefined ? chosen : null,
    target,
    profile,
    choice,
    identity: identity.view,
    before: judgeFile(
      {
        protection: file.contents.protection,
        password: file.password,
        identities: file.identities.map(({ view }) => view),
      },
      target,
    ),
  };
}

function chooseProfile(
  target: Pkcs12Target,
  asked: Pkcs12Profile | undefined,
): { readonly profile: Pkcs12Profile; readonly choice: z.infer<typeof rewrapChoice> } {
  const best = bestProfile[target];
  if (asked === 'modern' && best === 'compatible')
    throw new Problem('PKCS12_PROFILE_REFUSED', { target, profile: asked });
  if (asked !== undefined && asked !== best) return { profile: asked, choice: 'asked-for' };
  return {
    profile: best,
    choice: best === 'compatible' ? 'only-form-it-reads' : 'strongest-form-it-reads',
  };
}

function chooseIdentity({ identities }: OpenedFile, reference: string | undefined): OpenedIdentity {
  const wanted = reference?.replaceAll(/[:\s]/g, '').toLowerCase();
  const matching = identities.filter(
    ({ view: { certificate } }) =>
      certificate !== null &&
      (wanted === undefined || [certificate.thumbprint, certificate.thumbprintSha1].includes(wanted)),
  );
  const [first, second] = matching;
  if (!first) throw new Problem('IDENTITY_ABSENT', { what: 'PKCS#12' });
  if (second)
    throw new Problem('IDENTITY_AMBIGUOUS', {
      what: 'PKCS#12',
      choices: matching
        .map(({ view }) => `${view.certificate!.subject} ${view.certificate!.thumbprint}`)
        .join('; '),
    });
  return first;
}

/** What its maker called it, else the common name: a line at most, fit for a list. */
function nameOf({ view, certificates }: OpenedIdentity): string {
  const given = view.friendlyName?.replace(/\p{Cc}+/gu, ' ').trim();
  const name = given || commonName(parseCertificate(certificates[0]!).subject) || view.certificate!.subject;
  return [...name].slice(0, 100).join('');
}
