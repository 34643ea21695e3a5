/** A distinguished name as text (RFC 4514 §2.4), from what a person fills in; empty parts are left out. */
export function subjectText(parts: {
  readonly CN: string;
  readonly O?: string;
  readonly C?: string;
}): string {
  return Object.entries(parts)
    .map(([type, value]) => [type, value.trim()] as const)
    .filter(([, value]) => value !== '')
    .map(([type, value]) => `${type}=${escaped(value)}`)
    .join(', ');
}

function escaped(value: string): string {
  return value.replace(/[,+"\\<>;=]/g, String.raw`\$&`).replace(/^#/, String.raw`\#`);
}

/** Words of a list: by comma, semicolon, space or line. */
export function listOf(text: string): string[] {
  return text.split(/[\s,;、，；]+/).filter((part) => part !== '');
}
