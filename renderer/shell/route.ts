/** Pages by hash: `#/certificates/4f1c…`. A link is a link, back goes back, and a window of its own needs no server. */
import { useSyncExternalStore } from 'react';

export const pages = [
  'home',
  'guide',
  'authorities',
  'certificates',
  'load-balancers',
  'practice',
  'audit',
  'settings',
] as const;
export type PageName = (typeof pages)[number];

export interface Route {
  readonly page: PageName;
  /** What of it: a step, a name, an id. */
  readonly detail: string | null;
}

export function hrefOf(page: PageName, detail?: string): string {
  const path = page === 'home' ? '#/' : `#/${page}`;
  return detail === undefined ? path : `${path}/${encodeURIComponent(detail)}`;
}

export function go(page: PageName, detail?: string): void {
  location.hash = hrefOf(page, detail);
}

/** An address that leads nowhere leads home. */
export function parseRoute(hash: string): Route {
  const [name = '', detail] = hash.replace(/^#\/?/, '').split('/', 2);
  const page = pages.find((known) => known === name) ?? 'home';
  return { page, detail: detail === undefined || detail === '' ? null : decoded(detail) };
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(listen, () => location.hash));
}

function listen(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
