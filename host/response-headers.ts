/** What every answer says besides its content. */

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Answers of the contract: kept by nobody, least of all on disk. */
export const apiHeaders = { ...always, 'cache-control': 'no-store' } as const;

/**
 * The window: its own scripts, its own styles (Fluent writes them at run time, under the nonce), its own contract.
 * It is framed by nobody and posts forms nowhere. `connect`: a window that has a port to core asks nothing of a web.
 */
export function pageHeaders(
  nonce: string,
  connect: "'self'" | "'none'" = "'self'",
): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    ...always,
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=()',
  };
}
