import { createRequire } from 'node:module';

/** An answer of the API, or of a client about it. */
// biome-ignore lint/suspicious/noExplicitAny: answers have as many shapes as there are actions
export type Answer = any;
export type Call = (action: string, parameters?: Record<string, unknown>) => Promise<Answer>;

export interface Account {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

const require = createRequire(import.meta.url);
const { RPCClient } = require('@alicloud/pop-core');
const { default: OpenApiClient, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

/** Alibaba's older client: signature V1. */
export function popCore(account: Account, method: 'GET' | 'POST', apiVersion = '2014-05-15'): Call {
  const { endpoint, accessKeyId, accessKeySecret } = account;
  const client = new RPCClient({ endpoint, accessKeyId, accessKeySecret, apiVersion });
  return (action, parameters = {}) => client.request(action, parameters, { method, timeout: 15_000 });
}

/** Alibaba's current client: V3 by default, V1 as `v2`. */
export function openApi(account: Account, options: { signature?: 'v2'; place: 'query' | 'body' }): Call {
  const client = new OpenApiClient(
    new Config({
      accessKeyId: account.accessKeyId,
      accessKeySecret: account.accessKeySecret,
      endpoint: account.endpoint.replace('http://', ''),
      protocol: 'HTTP',
      ...(options.signature === undefined ? {} : { signatureAlgorithm: options.signature }),
    }),
  );
  return async (action, parameters = {}) => {
    const params = new Params({
      action,
      version: '2014-05-15',
      protocol: 'HTTP',
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
    const request = new OpenApiRequest({ [options.place]: parameters });
    const runtime = new RuntimeOptions({ readTimeout: 15_000, connectTimeout: 15_000 });
    return (await client.callApi(params, request, runtime)).body;
  };
}

/** Every way the official clients have to send a request. */
const officialClients = {
  'pop-core GET': (account: Account) => popCore(account, 'GET'),
  'pop-core POST': (account: Account) => popCore(account, 'POST'),
  'openapi-client V3, form body': (account: Account) => openApi(account, { place: 'body' }),
  'openapi-client V3, query': (account: Account) => openApi(account, { place: 'query' }),
  'openapi-client v2, form body': (account: Account) => openApi(account, { place: 'body', signature: 'v2' }),
};
export type ClientName = keyof typeof officialClients;
export const clientNames = Object.keys(officialClients) as ClientName[];

export function officialClient(name: ClientName, account: Account): Call {
  return officialClients[name](account);
}

/** The code of the refusal that a call meets. */
export async function refusalOf(answer: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await answer;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  throw new Error('the call was expected to be refused');
}

/** Repeats a question until the answer is as wished. */
export async function until<T>(
  ask: () => Promise<T>,
  wished: (answer: T) => boolean,
  ms = 10_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (wished(answer)) return answer;
    if (Date.now() > end) throw new Error(`not as wished: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
