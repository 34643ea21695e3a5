/** The official SDK, for one thing: to sign a call and send it. */
import openApi, { Config, OpenApiRequest, Params } from '@alicloud/openapi-client';
import { RuntimeOptions } from '@alicloud/tea-util';
import type { Endpoint } from './endpoints.ts';

export interface SlbCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** For temporary credentials (STS). */
  readonly securityToken?: string;
}

export type Answer = Readonly<Record<string, unknown>>;

const apiVersion = '2014-05-15';

/** Calls are one POST each; they reject with what the SDK throws. */
export function connect(
  endpoint: Endpoint,
  credentials: SlbCredentials,
  timeoutMs: number,
): (action: string, body: Readonly<Record<string, string>>) => Promise<Answer> {
  const client = new openApi.default(
    new Config({
      accessKeyId: credentials.accessKeyId,
      accessKeySecret: credentials.accessKeySecret,
      ...(credentials.securityToken === undefined ? {} : { securityToken: credentials.securityToken }),
      protocol: endpoint.protocol,
      endpoint: endpoint.host,
    }),
  );
  // Both, because the library takes the connect timeout for the idle timeout of the socket.
  const runtime = new RuntimeOptions({ connectTimeout: timeoutMs, readTimeout: timeoutMs, autoretry: false });

  return async (action, body) => {
    const params = new Params({
      action,
      version: apiVersion,
      protocol: endpoint.protocol,
      method: 'POST',
      pathname: '/',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
    // A kept-alive connection that the other side has just closed would turn a change into an unknown outcome.
    const request = new OpenApiRequest({ body, headers: { connection: 'close' } });
    const response = await client.callApi(params, request, runtime);
    return response['body'] as Answer;
  };
}
