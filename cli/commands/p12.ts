import { ORPCError } from '@orpc/contract';
import type {
  Pkcs12Certificate,
  Pkcs12Contents,
  Pkcs12Identity,
  Pkcs12Target,
  Pkcs12Verdict,
  RewrapResult,
} from '../../contract/pkcs12.ts';
import { describeReason } from '../../contract/pkcs12-reasons.ts';
import { writeOutput } from '../files.ts';
import { fields } from '../output.ts';
import { askSecret, readInput, readSecretFile } from '../secrets.ts';
import type { Session } from '../session.ts';
import type { Register } from './register.ts';

interface FileOptions {
  readonly passwordFile?: string;
}

interface RewrapOptions extends FileOptions {
  readonly target: Pkcs12Target;
  readonly out: string;
  readonly p12?: 'compatible' | 'modern';
  readonly identity?: string;
  readonly newPasswordFile?: string;
  readonly force?: boolean;
}

export const registerPkcs12: Register = (program, { text, action }) => {
  const p12 = program.command('p12').description(text.commands.p12);

  p12
    .command('show <file>')
    .description(text.commands.p12Show)
    .option('--password-file <file>', text.options.passwordFile)
    .action(
      action(async (session, path: string, options: FileOptions) => {
        const pkcs12 = readInput(path).toString('base64');
        const contents = await withPassword(session, options, (password) =>
          session.client.pkcs12.inspect({ pkcs12, ...password }),
        );
        session.result(contents, () => describeContents(session, contents));
      }),
    );

  p12
    .command('rewrap <file>')
    .description(text.commands.p12Rewrap)
    .requiredOption('--target <target>', text.options.p12Target)
    .requiredOption('--out <file>', text.options.out)
    .option('--password-file <file>', text.options.passwordFile)
    .option('--p12 <profile>', text.options.pkcs12Profile)
    .option('--identity <thumbprint>', text.options.p12Identity)
    .option('--new-password-file <file>', text.options.exportPasswordFile)
    .option('--force', text.options.force)
    .action(action(rewrap));
};

/** A generated password goes to `<out>.password`, 0600, as `cert export` does it. */
async function rewrap(session: Session, path: string, options: RewrapOptions): Promise<void> {
  const pkcs12 = readInput(path).toString('base64');
  const input = {
    pkcs12,
    target: options.target,
    ...(options.p12 === undefined ? {} : { profile: options.p12 }),
    ...(options.identity === undefined ? {} : { identity: options.identity }),
    ...(options.newPasswordFile === undefined
      ? {}
      : { newPassword: readSecretFile(options.newPasswordFile) }),
  };
  const made = await withPassword(session, options, (password) =>
    session.client.pkcs12.rewrap({ ...input, ...password }),
  );
  const force = options.force === true;
  const passwordPath = made.password === null ? null : `${options.out}.password`;
  if (passwordPath !== null) writeOutput(passwordPath, `${made.password}\n`, { mode: 0o600, force });
  writeOutput(options.out, Buffer.from(made.bytes, 'base64'), { mode: 0o600, force });
  const { bytes: _bytes, password: _password, fileName: _name, ...view } = made;
  session.result({ path: options.out, passwordPath, ...view }, () =>
    describeRewrap(session, made, options.out, passwordPath),
  );
}

/** The given password; else none at first, and the person is asked only when the file needs one. */
async function withPassword<T>(
  session: Session,
  { passwordFile }: FileOptions,
  work: (password: { readonly password?: string }) => Promise<T>,
): Promise<T> {
  if (passwordFile !== undefined) return work({ password: readSecretFile(passwordFile) });
  try {
    return await work({});
  } catch (error) {
    if (!(error instanceof ORPCError && error.code === 'PASSWORD_REQUIRED')) throw error;
  }
  return work({ password: await askSecret(session.text.prompts.filePassword, '--password-file') });
}

function describeContents(session: Session, contents: Pkcs12Contents): string {
  const { labels, p12 } = session.text;
  const protections = (list: Pkcs12Contents['keys']): string =>
    list
      .map(({ algorithm, iterations }) =>
        algorithm === 'none' ? p12.unprotected : `${algorithm}, ${p12.iterations(iterations)}`,
      )
      .join('; ') || '-';
  return [
    fields([
      [p12.mac, protections([contents.mac])],
      [p12.keyEncryption, protections(contents.keys)],
      [p12.certificateEncryption, protections(contents.certificates)],
      [p12.passwordNeeded, contents.passwordNeeded ? p12.yes : p12.no],
    ]),
    ...contents.identities.map((identity) => describeIdentity(session, identity)),
    ...contents.extra.map(
      (certificate) => `${p12.extra}\n${indent(fields(certificateFields(session, certificate)))}`,
    ),
    ...(contents.others.length === 0 ? [] : [`${p12.others}: ${contents.others.join(', ')}`]),
    [labels.target, ...contents.targets.map((verdict) => indent(describeVerdict(session, verdict)))].join(
      '\n',
    ),
  ].join('\n\n');
}

function describeIdentity(session: Session, identity: Pkcs12Identity): string {
  const { labels, p12 } = session.text;
  const { certificate, chain } = identity;
  return [
    p12.identity,
    indent(
      fields([
        [p12.friendlyName, identity.friendlyName ?? '-'],
        [labels.key, identity.key],
        [p12.keyProvider, identity.keyProvider ?? '-'],
        ...(certificate ? certificateFields(session, certificate) : ([[labels.subject, '-']] as const)),
        [
          p12.chain,
          [...chain.map(({ subject }) => subject), ...(identity.complete ? [] : ['…'])].join(' < ') || '-',
        ],
        ...(certificate && !identity.matches ? ([['!', p12.mismatch]] as const) : []),
      ]),
    ),
  ].join('\n');
}

function certificateFields(
  { text: { labels } }: Session,
  certificate: Pkcs12Certificate,
): (readonly [string, string])[] {
  return [
    [labels.subject, certificate.subject],
    [labels.issuer, certificate.issuer],
    [labels.serial, certificate.serial],
    [labels.notBefore, certificate.notBefore],
    [labels.notAfter, certificate.notAfter],
    ['SHA-256', certificate.thumbprint],
    ['SHA-1', certificate.thumbprintSha1],
  ];
}

function describeVerdict({ options, text: { p12 } }: Session, verdict: Pkcs12Verdict): string {
  const mark = { yes: '+', no: '!', uncertain: '?' }[verdict.imports];
  return [
    `${mark} ${p12.targets[verdict.target]}: ${p12.imports[verdict.imports]}`,
    ...verdict.reasons.map((reason) => `    ${describeReason(reason, options.lang)}`),
  ].join('\n');
}

function describeRewrap(
  session: Session,
  made: RewrapResult,
  path: string,
  passwordPath: string | null,
): string {
  const { p12, results } = session.text;
  return [
    path,
    ...(passwordPath === null ? [] : [results.passwordIn(passwordPath)]),
    `${p12.targets[made.target]}: ${made.profile} (${p12.choices[made.choice]})`,
    `${made.identity.certificate?.subject ?? ''}`,
    p12.before,
    indent(describeVerdict(session, made.before)),
  ].join('\n');
}

const indent = (text: string): string => text.replace(/^/gm, '  ');
