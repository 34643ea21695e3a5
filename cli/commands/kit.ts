import { resolve } from 'node:path';
import type {
  KitEvent,
  KitPlan,
  KitRequest,
  KitResult,
  KitTarget,
  ListEncoding,
} from '../../contract/kit.ts';
import { describeFault } from '../../contract/kit-faults.ts';
import { Problem } from '../../contract/problem.ts';
import type { KeyAlgorithm } from '../../contract/values.ts';
import { table } from '../output.ts';
import { readInput } from '../secrets.ts';
import type { Session } from '../session.ts';
import type { Register } from './register.ts';

interface KitOptions {
  readonly certificate?: string;
  readonly name?: string;
  readonly email?: string;
  readonly csv?: string;
  readonly encoding: ListEncoding;
  readonly ca?: string;
  readonly organisation?: string;
  readonly department?: string;
  readonly days: string;
  readonly key: KeyAlgorithm;
  readonly language?: 'en' | 'ja' | 'zh-CN';
  readonly target: KitTarget;
  readonly url?: string;
  readonly reissue?: boolean;
  readonly out: string;
}

export const registerKits: Register = (program, { text, action }) => {
  const { options: help } = text;
  const kit = program.command('kit').description(text.commands.kit);
  const command = (verb: string, description: string) =>
    kit
      .command(verb)
      .description(description)
      .option('--certificate <certificate>', help.kitCertificate)
      .option('--name <name>', help.kitName)
      .option('--email <address>', help.names)
      .option('--csv <file>', help.kitCsv)
      .option('--encoding <encoding>', help.kitEncoding, 'auto')
      .option('--ca <ca>', help.ca)
      .option('--organisation <name>', help.organisation)
      .option('--department <name>', help.department)
      .option('--days <n>', help.days, '365')
      .option('--key <algorithm>', help.key, 'rsa-2048')
      .option('--language <language>', help.kitLanguage)
      .option('--target <system>', help.kitTarget, 'any')
      .option('--url <url>', help.kitUrl)
      .option('--reissue', help.reissue)
      .requiredOption('--out <folder>', help.kitOut);

  command('plan', text.commands.kitPlan).action(
    action(async (session, options: KitOptions) => {
      const plan = await session.client.kit.plan(request(session, options));
      session.result(plan, () => describePlan(session, plan));
      if (plan.faults.length > 0) process.exitCode = 1;
    }),
  );

  command('make', text.commands.kitMake).action(
    action(async (session, options: KitOptions) => {
      const input = request(session, options);
      const result = await session.signing((client) =>
        session.follow(
          (signal) => client.kit.make(input, { signal }),
          (event) => tell(session, event),
        ),
      );
      session.result(result, () => describeResult(session, result));
    }),
  );
};

/** @throws Problem VALUE_INVALID when it is not clear for whom the kits are */
function request(session: Session, options: KitOptions): KitRequest {
  return {
    people: peopleOf(options),
    defaults: {
      ...(options.organisation === undefined ? {} : { organisation: options.organisation }),
      ...(options.department === undefined ? {} : { department: options.department }),
      days: Number(options.days),
      language: options.language ?? session.options.lang,
      target: options.target,
      keyAlgorithm: options.key,
    },
    ...(options.url === undefined ? {} : { url: options.url }),
    reissue: options.reissue === true,
    folder: resolve(options.out),
  };
}

function peopleOf({ certificate, name, email, csv, encoding, ca }: KitOptions): KitRequest['people'] {
  const given = [certificate, name, csv].filter((value) => value !== undefined);
  if (given.length !== 1)
    throw new Problem('VALUE_INVALID', { what: '--certificate / --name / --csv', value: given.join(', ') });
  if (certificate !== undefined) return { certificate };
  if (ca === undefined) throw new Problem('VALUE_INVALID', { what: '--ca', value: '' });
  if (csv !== undefined) return { authority: ca, list: readInput(csv).toString('base64'), encoding };
  return { authority: ca, person: { name: name!, ...(email === undefined ? {} : { email }) } };
}

function tell(session: Session, event: KitEvent): string {
  const { kit } = session.text;
  if (event.type === 'plan') return describePlan(session, event.plan);
  return `${event.done}/${event.total}  ${kit.outcomes[event.outcome]}  ${event.file}`;
}

function describePlan({ options, text }: Session, { list, kits, faults }: KitPlan): string {
  const { kit, labels } = text;
  const unused = list?.columns.filter(({ meaning }) => meaning === null) ?? [];
  return [
    ...(list ? [kit.readAs(list.encoding, list.separator === '\t' ? 'Tab' : list.separator)] : []),
    ...(unused.length === 0 ? [] : [kit.unusedColumns(unused.map(({ header }) => header).join(', '))]),
    ...(kits.length === 0
      ? []
      : [
          table(
            [kit.line, labels.name, labels.subject, kit.days, labels.target, labels.action],
            kits.map((planned) => [
              planned.line === null ? '-' : `${planned.line}`,
              planned.name,
              planned.subject,
              `${planned.days}`,
              `${planned.target} ${planned.language}`,
              planned.certificate === null
                ? kit.actions[planned.action]
                : `${kit.actions[planned.action]} (${planned.certificate.notAfter.slice(0, 10)}, ${planned.certificate.fingerprint.slice(0, 16)}…)`,
            ]),
          ),
        ]),
    ...faults.map((fault) => `${kit.inLine(fault.line)}: ${describeFault(fault, options.lang)}`),
  ].join('\n');
}

function describeResult({ text: { kit } }: Session, result: KitResult): string {
  return [kit.made(result.kits.length, result.folder), kit.passwords(result.passwordSheet)].join('\n');
}
