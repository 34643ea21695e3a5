/** Pages by hash: `#/certificates/4f1c…`. A link is a link, back goes back, and a window of its own needs no server. */

export const pages = [
  'home',
  'guide',
  'authorities',
  'certificates',
  'load-balancers',
  'transfer',
  'open-p12',
  'browser-check',
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

/** An address that leads nowhere leads home. */
export function parseRoute(hash: string): Route {
  const [name = '', detail] = hash.replace(/^#\/?/, '').split('/', 2);
  const page = pages.find((known) => known === name) ?? 'home';
  return { page, detail: detail === undefined || detail === '' ? null : decoded(detail) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
