import { Problem } from '../../contract/problem.ts';
import type { StoredCertificate } from '../../contract/trust-store.ts';
import { chainOf, unsealKey } from '../authority/export.ts';
import { findCertificate } from '../authority/find.ts';
import { audit, type CoreContext } from '../context.ts';
import { readAdvertised } from '../probe/authorities.ts';
import { diagnoseStore } from '../trust-store/diagnose.ts';
import { openStore, trustStores } from '../trust-store/locate.ts';
import { normalizeThumbprint, type StoreIdentity, type TrustStore } from '../trust-store/store.ts';
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

/** A store that cannot be read hides none of the others. */
async function readStore(store: TrustStore) {
  try {
    return { store: store.summary(), certificates: [...(await store.list())], problem: null };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { code, data } = error;
    return { store: store.summary(), certificates: [], problem: { code, data: { ...data } } };
  }
}

/** By thumbprint when it looks like one, else by part of what the store calls it or of its subject. */
function matching(search: string): (stored: StoredCertificate) => boolean {
  const wanted = normalizeThumbprint(search);
  const text = search.toLowerCase();
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(wanted))
    return ({ thumbprint, thumbprintSha1 }) => thumbprint === wanted || thumbprintSha1 === wanted;
  return ({ nickname, subject }) =>
    nickname.toLowerCase().includes(text) || subject.toLowerCase().includes(text);
}

const access = (storePassword: string | undefined) => (storePassword === undefined ? {} : { storePassword });

export const trustStore = os.trustStore.router({
  list: os.trustStore.list.handler(({ context: { stores } }) =>
    Promise.all(trustStores(stores).map(readStore)),
  ),

  find: os.trustStore.find.handler(async ({ input: { search }, context: { stores } }) => {
    const contents = await Promise.all(trustStores(stores).map(readStore));
    const matches = matching(search);
    return contents.flatMap(({ store, certificates }) =>
      certificates.filter(matches).map((certificate) => ({ store, certificate })),
    );
  }),

  diagnose: os.trustStore.diagnose.handler(async ({ input, context: { context, stores }, signal }) => {
    const { store: id, target, thumbprint, storePassword } = input;
    const options = {
      now: context.clock(),
      ...(thumbprint === undefined ? {} : { thumbprint }),
      ...access(storePassword),
    };
    const server = target && {
      target: { host: target.serverName ?? target.host, port: target.port },
      ...(await readAdvertised({ target, timeout: 10_000, signal })),
    };
    const { store, findings } = await diagnoseStore(stores, id, options, server);
    return { store, authorities: server?.authorities ?? null, findings: [...findings] };
  }),

  install: os.trustStore.install.handler(async ({ input, context: { context, stores } }) => {
    const store = openStore(input.store, stores);
    const done = await store.install(identityOf(context, input.identity), {
      trustCa: input.trustCa,
      ...access(input.storePassword),
    });
    context.registry.write((rows) =>
      audit(context, rows, 'store.installed', {
        store: store.id,
        fingerprint: done.certificate.thumbprint,
        trustedCa: done.authority?.trusted ?? false,
      }),
    );
    return done;
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
