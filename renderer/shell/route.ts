/** Where the window is, and how it goes elsewhere. */
import { useSyncExternalStore } from 'react';
import { hrefOf, type PageName, parseRoute, type Route } from './address.ts';

export function go(page: PageName, detail?: string): void {
  location.hash = hrefOf(page, detail);
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(listen, () => location.hash));
}

function listen(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}
