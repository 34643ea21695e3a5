import type { WarifuClient } from '../../contract/contract.ts';
import type { ProbeResult } from '../../contract/probe.ts';
import { fields, table } from '../output.ts';
import { askSecret, readInput, readSecretFile } from '../secrets.ts';
import type { Session } from '../session.ts';
import { targetOf } from '../target.ts';
import type { CliText } from '../text/text.ts';
import type { Register } from './register.ts';

interface ProbeOptions {
  readonly client?: string;
  readonly passwordFile?: string;
  readonly ca?: string;
  readonly caFile?: string;
  readonly connect?: string;
  readonly requests: string;
}

export const registerProbe: Register = (program, { text, action }) => {
  program
    .command('probe <url>')
    .description(text.commands.probe)
    .option('--client <file>', text.options.client)
    .option('--password-file <file>', text.options.passwordFile)
    .option('--ca <ca>', text.options.ca)
    .option('--ca-file <file>', text.options.caFile)
    .option('--connect <host:port>', text.options.connect)
    .option('--requests <n>', text.options.requests, '20')
    .action(action(probe));
};

async function probe(session: Session, url: string, options: ProbeOptions): Promise<void> {
  const input = {
    target: targetOf(url, options.connect),
    requests: Number(options.requests),
    ...(options.ca === undefined ? {} : { authority: options.ca }),
    ...(options.caFile === undefined ? {} : { roots: readInput(options.caFile).toString('base64') }),
    ...(options.client === undefined
      ? {}
      : { client: await clientIdentity(session, options.client, options.passwordFile) }),
  };
  const run = (client: WarifuClient) =>
    session.follow(
      (signal) => client.probe.run(input, { signal }),
      ({ done, total, detail }) => `${done}/${total}  ${detail}`,
    );
  const result = options.ca === undefined ? await run(session.client) : await session.signing(run);
  session.result(result, (value) => describeProbe(session.text, value));
  if (!result.ok) process.exitCode = 1;
}

async function clientIdentity(session: Session, path: string, passwordFile: string | undefined) {
  const password =
    passwordFile === undefined
      ? await askSecret(session.text.prompts.filePassword, '--password-file')
      : readSecretFile(passwordFile);
  return { pkcs12: readInput(path).toString('base64'), password };
}

/** The verdict of a probe, for people. */
export function describeProbe(text: CliText, result: ProbeResult): string {
  const { labels } = text;
  const cases = result.cases.map((item) => {
    const { observation } = item;
    const seen =
      observation === null
        ? (item.notTested ?? '-')
        : observation.kind === 'page'
          ? `${observation.status} ${observation.title ?? ''}`
          : observation.kind;
    return [item.case, item.expected, item.outcome ?? '-', seen, item.verdict];
  });
  const parts = [
    result.ok ? text.results.holds : text.results.doesNotHold,
    table([labels.check, labels.expected, labels.observed, '', ''], cases),
    fields(
      result.versions.map(({ version, accepted, cipher }) => [
        version,
        accepted === null ? '?' : accepted ? (cipher ?? '+') : '-',
      ]),
    ),
  ];
  if (result.balance)
    parts.push(
      table(
        [labels.backend, labels.requests],
        result.balance.backends.map(({ name, count }) => [name, `${count}`]),
      ),
    );
  return parts.join('\n\n');
}
