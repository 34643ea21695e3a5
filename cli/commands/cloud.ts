import { fields, table } from '../output.ts';
import { askSecret, readSecretFile } from '../secrets.ts';
import type { Register } from './register.ts';

interface LoginOptions {
  readonly name: string;
  readonly accessKeyId: string;
  readonly accessKeySecretFile?: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly practice?: boolean;
}

export const registerCloud: Register = (program, { text, action }) => {
  const cloud = program.command('cloud').description(text.commands.cloud);

  cloud
    .command('login')
    .description(text.commands.cloudLogin)
    .option('--name <name>', text.options.name, 'default')
    .requiredOption('--access-key-id <id>', text.options.accessKeyId)
    .option('--access-key-secret-file <file>', text.options.accessKeySecretFile)
    .requiredOption('--region <id>', text.options.region)
    .option('--endpoint <url>', text.options.endpoint)
    .option('--practice', text.options.practice)
    .action(
      action(async (session, options: LoginOptions) => {
        const client = await session.unlocked();
        const { accessKeySecretFile: file } = options;
        const accessKeySecret =
          file === undefined
            ? await askSecret(text.prompts.accessKeySecret, '--access-key-secret-file')
            : readSecretFile(file);
        const view = await client.cloud.login({
          name: options.name,
          accessKeyId: options.accessKeyId,
          accessKeySecret,
          regionId: options.region,
          endpoint: options.endpoint ?? null,
          practice: options.practice === true,
        });
        session.result(view, ({ name }) => text.results.accountSaved(name));
      }),
    );

  cloud
    .command('status')
    .description(text.commands.cloudStatus)
    .action(
      action(async (session) => {
        const accounts = await session.client.cloud.accounts();
        session.result(accounts, (views) =>
          views.length === 0
            ? text.results.noAccounts
            : views
                .map((view) =>
                  fields([
                    [text.labels.account, view.practice ? `${view.name} (Practice)` : view.name],
                    ['AccessKey ID', view.accessKeyId],
                    [text.labels.region, view.regionId],
                    [text.labels.endpoint, view.endpoint ?? '-'],
                  ]),
                )
                .join('\n\n'),
        );
      }),
    );

  cloud
    .command('regions')
    .description(text.commands.cloudRegions)
    .option('--account <name>', text.options.account)
    .action(
      action(async (session, options: { account?: string }) => {
        const client = await session.unlocked();
        const regions = await client.cloud.regions(
          options.account === undefined ? {} : { account: options.account },
        );
        session.result(regions, (views) =>
          table(
            [text.labels.region, text.labels.name, text.labels.endpoint],
            views.map((view) => [view.regionId, view.localName, view.endpoint]),
          ),
        );
      }),
    );

  cloud
    .command('load-balancers')
    .description(text.commands.cloudLoadBalancers)
    .option('--account <name>', text.options.account)
    .action(
      action(async (session, options: { account?: string }) => {
        const client = await session.unlocked();
        const found = await client.cloud.loadBalancers(
          options.account === undefined ? {} : { account: options.account },
        );
        session.result(found, (views) =>
          table(
            ['id', text.labels.name, 'IP', text.labels.state],
            views.map((view) => [view.id, view.name, view.address, view.status]),
          ),
        );
      }),
    );
};
