import { inspectFile } from '../pkcs12/inspect.ts';
import { rewrapFile } from '../pkcs12/rewrap.ts';
import { os } from './base.ts';

export const pkcs12 = os.pkcs12.router({
  inspect: os.pkcs12.inspect.handler(({ input }) =>
    inspectFile(Buffer.from(input.pkcs12, 'base64'), input.password),
  ),
  rewrap: os.pkcs12.rewrap.handler(({ input }) =>
    rewrapFile({
      pkcs12: Buffer.from(input.pkcs12, 'base64'),
      password: input.password,
      target: input.target,
      profile: input.profile,
      identity: input.identity,
      newPassword: input.newPassword,
    }),
  ),
});
