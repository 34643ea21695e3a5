import { Option } from 'commander';
import { type CertificateSort, type CertificateView, certificateSort } from '../../contract/certificate.ts';
import { writeOutput } from '../files.ts';
import { fields, table } from '../output.ts';
import { readInput, readSecretFile } from '../secrets.ts';
import type { Session } from '../session.ts';
import type { Register } from './register.ts';

type Profile = 'client' | 'server';
type Key = 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'ec-p256' | 'ec-p384';

interface IssueOptions {
  readonly ca: string;
  readonly profile: Profile;
  readonly name?: string[];
  readonly days: string;
  readonly key: Key;
}

interface ExportOptions {
  readonly out: string;
  readonly format: 'p12' | 'pem' | 'chain';
  readonly p12: 'compatible' | 'modern';
  readonly passwordFile?: string;
  readonly force?: boolean;
}

export const registerCertificates: Register = (program, { text, action }) => {
  const cert = program.command('cert').description(text.commands.cert);

  cert
    .command('issue <subject>')
    .description(text.commands.certIssue)
    .requiredOption('--ca <ca>', text.options.ca)
    .option('--profile <profile>', text.options.profile, 'client')
    .option('--name <name...>', text.options.names)
    .option('--days <n>', text.options.days, '365')
    .option('--key <algorithm>', text.options.key, 'rsa-2048')
    .action(
      action(async (session, subject: string, options: IssueOptions) => {
        const input = {
          authority: options.ca,
          profile: options.profile,
          subject,
          names: options.name ?? [],
          days: Number(options.days),
          keyAlgorithm: options.key,
        };
        const view = await session.signing((client) => client.certificate.issue(input));
        session.result(view, () => describe(session, view));
      }),
    );

  cert
    .command('bulk <file>')
    .description(text.commands.certBulk)
    .requiredOption('--ca <ca>', text.options.ca)
    .option('--profile <profile>', text.options.profile, 'client')
    .option('--days <n>', text.options.days, '365')
    .option('--key <algorithm>', text.options.key, 'rsa-2048')
    .action(
      action(async (session, path: string, options: IssueOptions) => {
        const lines = readInput(path).toString('utf8').split(/\r?\n/);
        const input = {
          authority: options.ca,
          profile: options.profile,
          subjects: lines.map((line) => line.trim()).filter((line) => line !== ''),
          days: Number(options.days),
          keyAlgorithm: options.key,
        };
        const issued = await session.signing<CertificateView[]>((client) =>
          session.follow(
            (signal) => client.certificate.issueBulk(input, { signal }),
            ({ done, total, subject }) => `${done}/${total}  ${subject}`,
          ),
        );
        const { labels } = text;
        session.result(issued, (views) =>
          table(
            [labels.commonName, labels.notAfter, labels.serial],
            views.map((view) => [view.commonName, view.notAfter, view.serial]),
          ),
        );
      }),
    );

  cert
    .command('sign <request>')
    .description(text.commands.certSign)
    .requiredOption('--ca <ca>', text.options.ca)
    .option('--profile <profile>', text.options.profile, 'client')
    .option('--name <name...>', text.options.names)
    .option('--days <n>', text.options.days, '365')
    .option('--out <file>', text.options.out)
    .option('--force', text.options.force)
    .action(
      action(async (session, path: string, options: IssueOptions & { out?: string; force?: boolean }) => {
        const request = readInput(path).toString('base64');
        const names = options.name === undefined ? {} : { names: options.name };
        const { ca: authority, profile } = options;
        const input = { authority, request, profile, days: Number(options.days), ...names };
        const view = await session.signing((client) => client.certificate.sign(input));
        if (options.out !== undefined) {
          const { bytes } = await session.client.certificate.exportPem({ certificate: view.id });
          writeOutput(options.out, Buffer.from(bytes, 'base64'), { force: options.force === true });
        }
        session.result(view, () => describe(session, view));
      }),
    );

  cert
    .command('list')
    .description(text.commands.certList)
    .option('--ca <ca>', text.options.ca)
    .option('--state <state>', text.options.state)
    .option('--search <text>', text.options.search)
    .addOption(new Option('--sort <by>', text.options.sort).choices(certificateSort.shape.by.options))
    .option('--descending', text.options.descending)
    .option('--offset <n>', text.options.offset, '0')
    .option('--limit <n>', text.options.limit, '100')
    .action(
      action(
        async (
          session,
          options: {
            ca?: string;
            state?: 'valid' | 'expired' | 'revoked';
            search?: string;
            sort?: CertificateSort['by'];
            descending?: boolean;
            offset: string;
            limit: string;
          },
        ) => {
          const { ca, state, search, sort: by, descending = false } = options;
          const filter = {
            ...(by ? { sort: { by, descending } } : {}),
            ...(ca ? { authority: ca } : {}),
            ...(state ? { state } : {}),
            ...(search ? { search } : {}),
          };
          const page = await session.client.certificate.list({
            ...filter,
            offset: Number(options.offset),
            limit: Number(options.limit),
          });
          const { labels } = text;
          session.result(page, ({ items, total }) =>
            items.length === 0
              ? text.results.noCertificates
              : `${table(
                  [labels.commonName, labels.profile, labels.state, labels.notAfter, labels.serial],
                  items.map((view) => [
                    view.commonName,
                    text.profiles[view.profile],
                    text.states[view.state],
                    view.notAfter,
                    view.serial,
                  ]),
                )}\n${text.results.shown(items.length, total)}`,
          );
        },
      ),
    );

  cert
    .command('show <certificate>')
    .description(text.commands.certShow)
    .action(
      action(async (session, reference: string) =>
        session.result(await session.client.certificate.get({ certificate: reference }), (view) =>
          describe(session, view),
        ),
      ),
    );

  cert
    .command('revoke <certificate>')
    .description(text.commands.certRevoke)
    .option('--reason <reason>', text.options.reason, 'unspecified')
    .action(
      action(async (session, reference: string, options: { reason: string }) => {
        const client = await session.unlocked();
        const view = await client.certificate.revoke({
          certificate: reference,
          reason: options.reason as 'unspecified',
        });
        session.result(view, () => `${describe(session, view)}\n\n${text.results.revokedNotEnforced}`);
      }),
    );

  cert
    .command('export <certificate>')
    .description(text.commands.certExport)
    .requiredOption('--out <file>', text.options.out)
    .option('--format <format>', text.options.format, 'p12')
    .option('--p12 <profile>', text.options.pkcs12Profile, 'compatible')
    .option('--password-file <file>', text.options.exportPasswordFile)
    .option('--force', text.options.force)
    .action(action(exportCertificate));

  cert
    .command('possibly-issued')
    .description(text.commands.certPossiblyIssued)
    .option('--revoke <id>', text.options.settleRevoke)
    .option('--discard <id>', text.options.settleDiscard)
    .action(
      action(async (session, options: { revoke?: string; discard?: string }) => {
        const id = options.revoke ?? options.discard;
        if (id !== undefined) {
          const client = await session.unlocked();
          await client.certificate.settlePossiblyIssued({
            id,
            decision: options.revoke === undefined ? 'discard' : 'revoke',
          });
        }
        const open = await session.client.certificate.possiblyIssued();
        const { labels } = text;
        session.result(open, (views) =>
          views.length === 0
            ? text.results.nothingPossiblyIssued
            : table(
                ['id', labels.authority, labels.serial, labels.subject],
                views.map((view) => [view.id, view.authority, view.serial, view.subject]),
              ),
        );
      }),
    );
};

/** A generated password goes to `<out>.password`, 0600, never to the terminal's scroll-back. */
async function exportCertificate(session: Session, reference: string, options: ExportOptions): Promise<void> {
  const force = options.force === true;
  if (options.format !== 'p12') {
    const file = await session.client.certificate.exportPem({
      certificate: reference,
      chain: options.format === 'chain',
    });
    writeOutput(options.out, Buffer.from(file.bytes, 'base64'), { force });
    session.result({ path: options.out, passwordPath: null }, ({ path }) => path);
    return;
  }
  const client = await session.unlocked();
  const given = options.passwordFile === undefined ? {} : { password: readSecretFile(options.passwordFile) };
  const file = await client.certificate.exportPkcs12({
    certificate: reference,
    profile: options.p12,
    ...given,
  });
  const passwordPath = file.password === null ? null : `${options.out}.password`;
  // The password first: a PKCS#12 whose password was lost to a full disk would be of no use.
  if (passwordPath !== null && file.password !== null)
    writeOutput(passwordPath, `${file.password}\n`, { mode: 0o600, force });
  writeOutput(options.out, Buffer.from(file.bytes, 'base64'), { mode: 0o600, force });
  session.result({ path: options.out, passwordPath }, () =>
    [options.out, ...(passwordPath === null ? [] : [session.text.results.passwordIn(passwordPath)])].join(
      '\n',
    ),
  );
}

function describe({ text }: Session, view: CertificateView): string {
  const { labels } = text;
  return fields([
    [labels.commonName, view.commonName],
    [labels.subject, view.subject],
    [labels.authority, view.authority],
    [labels.profile, text.profiles[view.profile]],
    [labels.state, text.states[view.state]],
    [labels.key, view.key],
    [labels.names, view.names.join(', ') || '-'],
    [labels.serial, view.serial],
    ['SHA-256', view.id],
    [labels.notBefore, view.notBefore],
    [labels.notAfter, view.notAfter],
  ]);
}
