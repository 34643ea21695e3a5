/** Where kits come to lie: a folder of the command line, or memory on the way to a window. */
export interface KitPlace {
  /** The kit of a certificate lies here with its password, unaltered. */
  isDone(fingerprint: string): boolean;
  /** The name for the kit of a certificate, taken from here on. @throws Problem FILE_UNWRITABLE */
  claim(fingerprint: string, wanted: string): string;
  /** `password`: the text with it, which travels apart. @throws Problem FILE_UNWRITABLE */
  write(fingerprint: string, password: string, content: Uint8Array): void;
  /** What its file is called. */
  fileOf(fingerprint: string): string;
  readPassword(fingerprint: string): string;
  /** HTML with everybody's password. @throws Problem FILE_UNWRITABLE */
  writeSheet(html: string): void;
}
