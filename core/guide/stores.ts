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

export async function lookAtStores(host: StoreHost, { authority }: GuideSubject): Promise<StoreView> {
  try {
    const stores = trustStores(host);
    if (stores.length === 0) throw new Problem('STORE_UNSUPPORTED', { platform: host.platform });
    let identity: string | null = null;
    let trusted: string | null = null;
    for (const store of stores) {
      const { label, state } = store.summary();
      if (state === 'absent' || !authority) continue;
      for (const certificate of await store.list()) {
        if (certificate.hasKey && certificate.issuer === authority.subject)
          identity ??= `${certificate.subject} · ${label}`;
        if (certificate.thumbprint === authority.fingerprint && certificate.trust.server) trusted ??= label;
      }
    }
    return { problem: null, identity, trusted };
  } catch (error) {
    if (error instanceof Problem)
      return { problem: { code: error.code, data: error.data as Record<string, unknown> } };
    throw error;
  }
}
