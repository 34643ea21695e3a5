import type { RolloutEvent, RolloutPlan, RolloutRequest, RolloutStatus } from '../../contract/rollout.ts';
import { requireYes } from '../confirm.ts';
import { fields, table } from '../output.ts';
import type { Session } from '../session.ts';
import type { CliText } from '../text/text.ts';
import { describeProbe } from './probe.ts';
import type { Register } from './register.ts';

interface DesiredOptions {
  readonly name: string;
  readonly account?: string;
  readonly serverCert: string;
  readonly ca: string;
  readonly loadBalancer?: string;
  readonly loadBalancerName: string;
  readonly backend: string[];
  readonly port: string;
  readonly backendPort: string;
  readonly healthUri: string;
}

export const registerRollout: Register = (program, { text, action }) => {
  const { options: help } = text;
  const rollout = program.command('rollout').description(text.commands.rollout);
  const desired = (verb: string, description: string) =>
    rollout
      .command(verb)
      .description(description)
      .option('--name <name>', help.name, 'default')
      .option('--account <name>', help.account)
      .requiredOption('--server-cert <name>', help.serverCert)
      .requiredOption('--ca <ca>', help.ca)
      .option('--load-balancer <id>', help.loadBalancer)
      .option('--load-balancer-name <name>', help.loadBalancerName, 'warifu')
      .requiredOption('--backend <id...>', help.backend)
      .option('--port <n>', help.listenPort, '443')
      .option('--backend-port <n>', help.backendPort, '80')
      .option('--health-uri <path>', help.healthUri, '/healthz');

  desired('plan', text.commands.rolloutPlan).action(
    action(async (session, options: DesiredOptions) => {
      const client = await session.unlocked();
      session.result(await client.rollout.plan(request(options)), (plan) => describePlan(text, plan));
    }),
  );

  desired('apply', text.commands.rolloutApply).option('--yes', help.yes).action(action(apply));

  rollout
    .command('status')
    .description(text.commands.rolloutStatus)
    .option('--name <name>', help.name, 'default')
    .action(
      action(async (session, options: { name: string }) => {
        const client = await session.unlocked();
        session.result(await client.rollout.status({ name: options.name }), (status) =>
          describeStatus(text, status),
        );
      }),
    );

  rollout
    .command('verify')
    .description(text.commands.rolloutVerify)
    .option('--name <name>', help.name, 'default')
    .option('--requests <n>', help.requests, '20')
    .action(
      action(async (session, options: { name: string; requests: string }) => {
        const input = { name: options.name, requests: Number(options.requests) };
        const result = await session.signing((client) =>
          session.follow(
            (signal) => client.rollout.verify(input, { signal }),
            ({ done, total, detail }) => `${done}/${total}  ${detail}`,
          ),
        );
        session.result(result, (value) => describeProbe(text, value));
        if (!result.ok) process.exitCode = 1;
      }),
    );

  rollout
    .command('destroy')
    .description(text.commands.rolloutDestroy)
    .option('--name <name>', help.name, 'default')
    .option('--yes', help.yes)
    .action(
      action(async (session, options: { name: string; yes?: boolean }) => {
        const client = await session.unlocked();
        await requireYes(session, options.yes === true);
        await session.follow((signal) => client.rollout.destroy({ name: options.name }, { signal }), tell);
        session.result({ destroyed: options.name }, () => text.results.removed);
      }),
    );
};

async function apply(session: Session, options: DesiredOptions & { readonly yes?: boolean }): Promise<void> {
  const { text } = session;
  const client = await session.unlocked();
  const plan = await client.rollout.plan(request(options));
  session.progress(describePlan(text, plan));
  if (!plan.settled) await requireYes(session, options.yes === true);
  // The digest holds apply to the plan that was just agreed to.
  const input = { ...request(options), digest: plan.digest };
  const status = await session.follow((signal) => client.rollout.apply(input, { signal }), tell);
  session.result(status, () => [text.results.applied, describeStatus(text, status)].join('\n'));
}

function request(options: DesiredOptions): RolloutRequest {
  return {
    name: options.name,
    ...(options.account === undefined ? {} : { account: options.account }),
    serverCertificate: options.serverCert,
    authority: options.ca,
    loadBalancer:
      options.loadBalancer === undefined
        ? { create: { name: options.loadBalancerName } }
        : { id: options.loadBalancer },
    listener: {
      port: Number(options.port),
      backendServerPort: Number(options.backendPort),
      healthCheck: { uri: options.healthUri },
    },
    backends: options.backend.map((item) => {
      const [serverId = '', weight] = item.split(':');
      return { serverId, ...(weight === undefined ? {} : { weight: Number(weight) }) };
    }),
  };
}

/** One line of progress; polling is not worth one. */
export function tell(event: RolloutEvent): string | undefined {
  if (event.type === 'step' && event.state !== 'started')
    return `${event.step}  ${event.state}  ${event.name}${event.id === null ? '' : `  ${event.id}`}`;
  if (event.type === 'call') return `  ${event.action}  ${event.requestId}`;
  if (event.type === 'interrupted') return `${event.step}  !`;
  return undefined;
}

function describePlan({ labels, results }: CliText, plan: RolloutPlan): string {
  if (plan.settled) return results.nothingToChange;
  const show = (values: Readonly<Record<string, string>> | null): string =>
    values === null
      ? '-'
      : Object.entries(values)
          .map(([name, value]) => `${name}=${value}`)
          .join(' ');
  return table(
    [labels.action, labels.name, labels.now, labels.willBe, labels.reason],
    plan.items.map((item) => [
      `${item.action} ${item.resource}`,
      item.name,
      show(item.now),
      show(item.willBe),
      item.reason,
    ]),
  );
}

function describeStatus({ labels }: CliText, status: RolloutStatus): string {
  return [
    fields([
      [labels.region, status.regionId],
      [labels.endpoint, status.endpoint ?? '-'],
    ]),
    table(
      [labels.check, '', labels.observed],
      status.checks.map(({ check, ok, observed }) => [check, ok ? '+' : '!', observed]),
    ),
  ].join('\n');
}
