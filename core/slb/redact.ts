/**
 * Takes secrets out of text that came from the cloud or from a library, before anybody sees it.
 * Gateways echo whole requests in signature errors, and libraries put URLs and bodies into messages.
 */

const mark = '[redacted]';

/** Shapes of secrets, in plain and in percent-encoded text; a block cut off before its end counts too. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)/g, mark],
  [/%2D%2D%2D%2D%2DBEGIN[\s\S]*$/gi, mark],
  [/(server )?string ?to ?sign( is)?\s*[:=][\s\S]*$/gi, `string to sign: ${mark}`],
  [
    /\b(PrivateKey|ServerCertificate|CACertificate|AccessKeySecret|SecurityToken|Signature)(["']?\s*(?:=|:|%3D|%253D)\s*["']?)[^&\s"',]+/gi,
    `$1$2${mark}`,
  ],
  [/\bSignature=[0-9a-f]{16,}/gi, `Signature=${mark}`],
  // No identifier, fingerprint or sentence of the API has forty characters of base64 in a row; keys and certificates do.
  [/[A-Za-z0-9+/]{40,}={0,2}|(?:[A-Za-z0-9]|%2B|%2F){60,}/g, mark],
];

const limit = 600;

/** `text` without PEM, keys, signatures, strings to sign and the given `secrets`; cut to what a person reads. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets.flatMap(spellings)) clean = clean.replaceAll(secret, mark);
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement);
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}

/** A secret as it may be echoed: whole, line by line, percent-encoded once or twice, as a form value. */
function spellings(secret: string): readonly string[] {
  const parts = [secret, ...secret.split(/\r?\n/)].filter(
    (part) => part.length >= 8 && !part.startsWith('-----'),
  );
  return parts.flatMap((part) => {
    const once = encodeURIComponent(part);
    return [part, once, encodeURIComponent(once), once.replaceAll('%20', '+')];
  });
}
