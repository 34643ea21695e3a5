import type { ServerCertificateView, StoredServerCertificate } from '../../contract/server-certificate.ts';
import {
  describeFinding,
  type ServerCertificateFinding,
} from '../../contract/server-certificate-findings.ts';
import { writeOutput } from '../files.ts';
import { fields, table } from '../output.ts';
import { readInput, readSecretFile } from '../secrets.ts';
import type { Session } from '../session.ts';
import type { Register } from './register.ts';

interface FileOptions {
  readonly keyFile?: string;
  readonly passwordFile?: string;
  readonly host?: string[];
}

/** The files on the command line as the contract takes them. */
function material(paths: readonly string[], options: FileOptions) {
  const all = options.keyFile === undefined ? paths : [...paths, options.keyFile];
  return {
    files: all.map((path) => readInput(path).toString('base64')),
    hosts: options.host ?? [],
    ...(options.passwordFile === undefined ? {} : { password: readSecretFile(options.passwordFile) }),
  };
}

export const registerServerCertificates: Register = (program, { text, action }) => {
  const { options: help } = text;
  const serverCert = program.command('server-cert').description(text.commands.serverCert);

  serverCert
    .command('check <files...>')
    .description(text.commands.serverCertCheck)
    .option('--key-file <file>', help.keyFile)
    .option('--password-file <file>', help.passwordFile)
    .option('--host <name...>', help.host)
    .action(
      action(async (session, paths: string[], options: FileOptions) => {
        const report = await session.client.serverCertificate.check(material(paths, options));
        session.result(report, ({ subject, hosts, findings }) =>
          [
            fields([
              [text.labels.subject, subject],
              [text.labels.hosts, hosts.join(', ') || '-'],
            ]),
            describeFindings(session, findings),
          ].join('\n'),
        );
        if (report.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
      }),
    );

  serverCert
    .command('import <name> <files...>')
    .description(text.commands.serverCertImport)
    .option('--key-file <file>', help.keyFile)
    .option('--password-file <file>', help.passwordFile)
    .option('--host <name...>', help.host)
    .action(
      action(async (session, name: string, paths: string[], options: FileOptions) => {
        const input = { name, ...material(paths, options) };
        const client = await session.unlocked();
        session.result(await client.serverCertificate.import(input), (stored) =>
          describeStored(session, stored),
        );
      }),
    );

  serverCert
    .command('request <name>')
    .description(text.commands.serverCertRequest)
    .requiredOption('--host <name...>', help.host)
    .option('--subject <name>', help.subject)
    .option('--key <algorithm>', help.key, 'rsa-2048')
    .option('--out <file>', help.out)
    .option('--force', help.force)
    .action(
      action(
        async (
          session,
          name: string,
          options: { host: string[]; subject?: string; key: 'rsa-2048'; out?: string; force?: boolean },
        ) => {
          const client = await session.unlocked();
          const subject = options.subject === undefined ? {} : { subject: options.subject };
          const made = await client.serverCertificate.request({
            name,
            hosts: options.host,
            keyAlgorithm: options.key,
            ...subject,
          });
          if (options.out !== undefined)
            writeOutput(options.out, made.requestPem ?? '', { force: options.force === true });
          session.result(made, () => options.out ?? (made.requestPem ?? '').trimEnd());
        },
      ),
    );

  serverCert
    .command('complete <name> <files...>')
    .description(text.commands.serverCertComplete)
    .option('--password-file <file>', help.passwordFile)
    .option('--host <name...>', help.host)
    .action(
      action(async (session, name: string, paths: string[], options: FileOptions) => {
        const { files, password } = { password: undefined, ...material(paths, options) };
        const client = await session.unlocked();
        const input = {
          certificate: name,
          files,
          ...(password === undefined ? {} : { password }),
          ...(options.host === undefined ? {} : { hosts: options.host }),
        };
        session.result(await client.serverCertificate.complete(input), (stored) =>
          describeStored(session, stored),
        );
      }),
    );

  serverCert
    .command('issue <name>')
    .description(text.commands.serverCertIssue)
    .requiredOption('--ca <ca>', help.ca)
    .requiredOption('--host <name...>', help.host)
    .option('--days <n>', help.days, '365')
    .option('--key <algorithm>', help.key, 'rsa-2048')
    .action(
      action(
        async (
          session,
          name: string,
          options: { ca: string; host: string[]; days: string; key: 'rsa-2048' },
        ) => {
          const input = {
            name,
            authority: options.ca,
            hosts: options.host,
            days: Number(options.days),
            keyAlgorithm: options.key,
          };
          const stored = await session.signing((client) => client.serverCertificate.issue(input));
          session.result(stored, () => describeStored(session, stored));
        },
      ),
    );

  serverCert
    .command('list')
    .description(text.commands.serverCertList)
    .action(
      action(async (session) => {
        const { labels } = text;
        session.result(await session.client.serverCertificate.list(), (views) =>
          views.length === 0
            ? text.results.noServerCertificates
            : table(
                [labels.name, labels.hosts, labels.key, labels.notAfter, labels.clb],
                views.map((view) => [
                  view.name,
                  view.hosts.join(', '),
                  view.key,
                  view.notAfter ?? '-',
                  view.clb.accepted ? '+' : view.clb.obstacles.join(', '),
                ]),
              ),
        );
      }),
    );
};

function describeStored(session: Session, { certificate, findings }: StoredServerCertificate): string {
  return [describe(session, certificate), describeFindings(session, findings)].join('\n');
}

function describe({ text }: Session, view: ServerCertificateView): string {
  const { labels } = text;
  return fields([
    [labels.name, view.name],
    [labels.commonName, view.commonName],
    [labels.hosts, view.hosts.join(', ') || '-'],
    [labels.key, view.key],
    [labels.notAfter, view.notAfter ?? '-'],
    [labels.fingerprint, view.fingerprint ?? '-'],
  ]);
}

function describeFindings({ text, options }: Session, findings: readonly ServerCertificateFinding[]): string {
  if (findings.length === 0) return text.results.fits;
  return findings
    .map((finding) => {
      const { what, remedy } = describeFinding(finding, options.lang);
      return `${finding.severity}  ${finding.code}\n  ${what}\n  ${text.remedy}: ${remedy}`;
    })
    .join('\n');
}
