import { Problem } from '../../contract/problem.ts';
import { chainOf, unsealKey } from '../authority/export.ts';
import { findCertificate } from '../authority/find.ts';
import { audit, type CoreContext } from '../context.ts';
import { openStore, trustStores } from '../trust-store/locate.ts';
import type { StoreIdentity } from '../trust-store/store.ts';
import { os } from './base.ts';

type IdentityInput =
  | { readonly certificate: string }
  | { readonly pkcs12: string; readonly password: string; readonly thumbprint?: string | undefined };

function identityOf(context: CoreContext, input: IdentityInput): StoreIdentity {
  if ('certificate' in input) {
    const found = findCertificate(context, input.certificate);
    return {
      key: unsealKey(context, found),
      certificates: chainOf(context, found),
      friendlyName: found.commonName,
    };
  }
  const { password, thumbprint } = input;
  return {
    pkcs12: Buffer.from(input.pkcs12, 'base64'),
    password,
    ...(thumbprint === undefined ? {} : { thumbprint }),
  };
}

const access = (storePassword: string | undefined) => (storePassword === undefined ? {} : { storePassword });

export const trustStore = os.trustStore.router({
  list: os.trustStore.list.handler(({ context: { stores } }) =>
    Promise.all(
      trustStores(stores).map(async (store) => ({
        store: store.summary(),
        certificates: [...(await store.list())],
      })),
    ),
  ),

  install: os.trustStore.install.handler(async ({ input, context: { context, stores } }) => {
    const store = openStore(input.store, stores);
    const record = (fingerprint: string, trustedCa: boolean): void =>
      context.registry.write((rows) =>
        audit(context, rows, 'store.installed', { store: store.id, fingerprint, trustedCa }),
      );
    try {
      const done = await store.install(identityOf(context, input.identity), {
        trustCa: input.trustCa,
        ...access(input.storePassword),
      });
      record(done.certificate.thumbprint, done.authority?.trusted ?? false);
      return done;
    } catch (error) {
      // The one failure after which the identity is there, and works.
      if (error instanceof Problem && error.code === 'STORE_CA_NOT_TRUSTED')
        record((error as Problem<'STORE_CA_NOT_TRUSTED'>).data.thumbprint, false);
      throw error;
    }
  }),

  remove: os.trustStore.remove.handler(async ({ input, context: { context, stores } }) => {
    const store = openStore(input.store, stores);
    const done = await store.remove(input.thumbprint, {
      removeCa: input.removeCa,
      ...access(input.storePassword),
    });
    context.registry.write((rows) =>
      audit(context, rows, 'store.removed', { store: store.id, fingerprint: done.removed.thumbprint }),
    );
    return done;
  }),
});
