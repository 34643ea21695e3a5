/** A site as people type it, as an address: `https://` where none is given. Empty stays empty; undefined is no address. */
export function siteOf(typed: string): string | undefined {
  const text = typed.trim();
  if (text === '') return '';
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  return URL.canParse(address) ? new URL(address).href : undefined;
}
