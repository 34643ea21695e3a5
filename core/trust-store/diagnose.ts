/** The whole answer to "why does my browser not offer the certificate?": one store, the others, and the server. */
import type { AdvertisedAuthorities } from '../../contract/probe.ts';
import type { DiagnosisFinding, StoreSummary } from '../../contract/trust-store.ts';
import { openStore, trustStores } from './locate.ts';
import { type DiagnoseOptions, normalizeThumbprint, type StoreHost } from './store.ts';

/** What a probe saw of a server. */
export interface ServerFacts {
  readonly target: { readonly host: string; readonly port: number };
  readonly authorities: AdvertisedAuthorities;
  /** DER, leaf first; empty when TLS 1.3 hides it. */
  readonly sent: readonly Uint8Array[];
}

/** @throws Problem STORE_UNKNOWN, STORE_UNSUPPORTED, STORE_TOOL_MISSING, STORE_DAMAGED, … */
export async function diagnoseStore(
  host: StoreHost,
  id: string | undefined,
  options: DiagnoseOptions,
  server: ServerFacts | undefined,
): Promise<{ readonly store: StoreSummary; readonly findings: readonly DiagnosisFinding[] }> {
  const store = openStore(id, host);
  const findings = await store.diagnose({ ...options, ...factsFor(server) });
  const missing = findings.some(
    ({ check, ok }) => ok === false && (check === 'certificate-present' || check === 'store-present'),
  );
  const elsewhere = missing ? await storesWith(host, store.id, options.thumbprint) : [];
  return {
    store: store.summary(),
    findings: [
      ...(server ? [serverFinding(server.authorities)] : []),
      ...findings,
      ...(elsewhere.length > 0
        ? [{ check: 'certificate-elsewhere', ok: false, detail: elsewhere.join(', ') } as const]
        : []),
    ],
  };
}

function factsFor(server: ServerFacts | undefined): Partial<DiagnoseOptions> {
  if (!server) return {};
  const { authorities, target, sent } = server;
  return {
    target,
    serverChain: sent,
    ...(authorities.visible && authorities.requested
      ? {
          advertisedNames: authorities.names.map(({ der }) => Buffer.from(der, 'base64')),
          signatureSchemes: authorities.signatureSchemes,
        }
      : {}),
  };
}

function serverFinding(authorities: AdvertisedAuthorities): DiagnosisFinding {
  if (!authorities.visible) return { check: 'server-asks', ok: null, detail: authorities.reason };
  return {
    check: 'server-asks',
    ok: authorities.requested,
    // An empty list asks for no CA in particular: any certificate may be offered.
    detail: authorities.names.map(({ text }) => text).join('; ') || '*',
  };
}

/** Ids and readers of the other stores that hold it with its key. A store that cannot be read is no answer here. */
async function storesWith(
  host: StoreHost,
  except: string,
  thumbprint: string | undefined,
): Promise<readonly string[]> {
  const wanted = thumbprint === undefined ? undefined : normalizeThumbprint(thumbprint);
  const found: string[] = [];
  for (const store of trustStores(host)) {
    if (store.id === except) continue;
    const held = await store.list().catch(() => []);
    const has = held.some(
      (stored) =>
        stored.hasKey &&
        (wanted === undefined || stored.thumbprint === wanted || stored.thumbprintSha1 === wanted),
    );
    if (has) found.push(`${store.id} (${store.summary().readBy.join(', ')})`);
  }
  return found;
}
