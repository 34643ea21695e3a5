/** How a password becomes octets, which depends on the algorithm that takes it and on the tool that wrote the file. */

/** `utf8`: PBES1 and PBES2 (RFC 8018 §3). `bmp`: the PKCS#12 algorithms (RFC 7292 §B.1). */
export type PasswordEncoding = 'utf8' | 'bmp';

/** UTF-16 big-endian (surrogates included) with the closing zero unit. */
export function bmpPassword(password: string): Uint8Array {
  return Buffer.from(`${password}\0`, 'utf16le').swap16();
}

/**
 * A password in every octet string that tools make of it, the standard one first:
 * - the empty password is two zero octets for most, nothing at all for some (a password that was never given);
 * - LibreSSL (the `openssl` of macOS) and OpenSSL before 1.1 make one BMP character of each UTF-8 octet.
 */
export class PasswordForms {
  readonly isEmpty: boolean;
  readonly #utf8: Uint8Array;
  #bmp: readonly Uint8Array[];

  constructor(password: string) {
    const utf8 = Buffer.from(password, 'utf8');
    const standard = bmpPassword(password);
    this.isEmpty = password === '';
    this.#utf8 = utf8;
    if (this.isEmpty) this.#bmp = [standard, new Uint8Array(0)];
    else
      this.#bmp =
        utf8.length === password.length ? [standard] : [standard, bmpPassword(utf8.toString('latin1'))];
  }

  /** What to try, in this order. */
  encoded(encoding: PasswordEncoding): readonly Uint8Array[] {
    return encoding === 'utf8' ? [this.#utf8] : this.#bmp;
  }

  /** `form` opened something: the rest of the file was most likely made with it too, and each try can cost seconds. */
  fitted(form: Uint8Array): void {
    if (this.#bmp.includes(form)) this.#bmp = [form, ...this.#bmp.filter((other) => other !== form)];
  }
}
