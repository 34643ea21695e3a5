import type { CloudAccountView } from '../../contract/cloud.ts';
import { Problem } from '../../contract/problem.ts';
import { clientFor, findAccount, removeAccount, saveAccount } from '../cloud/accounts.ts';
import type { CloudAccountRecord } from '../registry/records.ts';
import { describeLoadBalancers } from '../slb/load-balancers.ts';
import { describeRegions } from '../slb/regions.ts';
import { os } from './base.ts';

const view = ({
  name,
  accessKeyId,
  regionId,
  endpoint,
  practice,
  createdAt,
}: CloudAccountRecord): CloudAccountView => ({
  name,
  accessKeyId,
  regionId,
  endpoint,
  practice,
  createdAt,
});

export const cloud = os.cloud.router({
  login: os.cloud.login.handler(({ input, context: { context } }) => view(saveAccount(context, input))),

  accounts: os.cloud.accounts.handler(({ context: { context } }) =>
    context.registry.read((rows) => rows.cloudAccounts.list()).map(view),
  ),

  logout: os.cloud.logout.handler(({ input, context: { context } }) => {
    removeAccount(context, findAccount(context, input.name));
    return { name: input.name };
  }),

  regions: os.cloud.regions.handler(async ({ input, context: { context }, signal }) => {
    const regions = await describeRegions(clientFor(context, findAccount(context, input.account), signal));
    return [...regions];
  }),

  loadBalancers: os.cloud.loadBalancers.handler(async ({ input, context: { context, practice }, signal }) => {
    const account = findAccount(context, input.account);
    if (practice.isAsleep(account)) throw new Problem('PRACTICE_STOPPED', {});
    return [...(await describeLoadBalancers(clientFor(context, account, signal)))];
  }),
});
