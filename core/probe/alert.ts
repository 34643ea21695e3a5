/** The TLS alerts behind the errors of node:tls. */

/** AlertDescription (RFC 8446 §6), those that a client may get. */
const alerts: Readonly<Record<number, string>> = {
  10: 'unexpected_message',
  20: 'bad_record_mac',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

/** The alert that the server sent, or undefined when the error is something else. */
export function alertName(error: NodeJS.ErrnoException): string | undefined {
  const number = /SSL alert number (\d+)/.exec(error.message)?.[1];
  if (number !== undefined) return alerts[Number(number)] ?? `alert ${number}`;
  // BoringSSL gives no number, only a name such as TLSV1_ALERT_UNKNOWN_CA.
  return /(?:SSL|TLS)V\d+_ALERT_([A-Z_]+)/.exec(`${error.code ?? ''} ${error.message}`)?.[1]?.toLowerCase();
}

/** The answer was not a TLS record: plain HTTP, SSH and the like. */
export function looksLikeNoTls(error: NodeJS.ErrnoException): boolean {
  return /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|HTTP_RESPONSE|NOT_SSL_RECORD|INVALID_SSL_RECORD/i.test(
    `${error.code ?? ''} ${error.message.replaceAll(' ', '_')}`,
  );
}
