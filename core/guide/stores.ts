/** Step 5 looked at: whether a browser of this person could offer a certificate of the CA. */
import type { GuideStep } from '../../contract/guide.ts';
import { Problem } from '../../contract/problem.ts';
import { trustStores } from '../trust-store/locate.ts';
import type { StoreHost } from '../trust-store/store.ts';
import type { GuideSubject } from './subject.ts';

export type StoreView =
  | { readonly problem: NonNullable<GuideStep['problem']> }
  | {
      readonly problem: null;
      /** Subject and store of an installed client certificate of this CA, with its key. */
      readonly identity: string | null;
      /** The store that trusts the CA for web sites. */
      readonly trusted: string | null;
    };

/** A store that cannot be read hides none of the others; its problem counts only when nothing was found elsewhere. */
export async function lookAtStores(host: StoreHost, { authority }: GuideSubject): Promise<StoreView> {
  const stores = trustStores(host);
  if (stores.length === 0)
    return { problem: { code: 'STORE_UNSUPPORTED', data: { platform: host.platform } } };
  let identity: string | null = null;
  let trusted: string | null = null;
  let problem: GuideStep['problem'] = null;
  for (const store of authority ? stores : []) {
    try {
      const { label, state } = store.summary();
      for (const certificate of state === 'absent' ? [] : await store.list()) {
        if (certificate.hasKey && certificate.issuer === authority!.subject)
          identity ??= `${certificate.subject} · ${label}`;
        if (certificate.thumbprint === authority!.fingerprint && certificate.trust.server) trusted ??= label;
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem ??= { code: error.code, data: { ...error.data } };
    }
  }
  return identity === null && problem ? { problem } : { problem: null, identity, trusted };
}
