/** Value types that several rooms' schemas share. */
import { z } from 'zod';

/** ISO 8601, UTC. */
export const instant = z.iso.datetime();
/** Lower-case hex. */
export const hex = z.string().regex(/^[0-9a-f]*$/);
/** Bytes of a file: base64, at most 64 MiB of text, so that a hostile file is refused before it is decoded. */
export const fileBytes = z.base64().max(64 * 1024 * 1024);
/** A secret that a person types; never stored, never logged, never sent back. */
export const secretText = z.string().max(1024);
/** What an admin calls a thing: 1–80 characters, as SLB allows. */
export const label = z
  .string()
  .trim()
  .min(1)
  .max(80)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  .regex(/^[^\u0000-\u001f\u007f]*$/u);
/** Id, name, serial or fingerprint: whatever a person has at hand to point at one thing. */
export const reference = z.string().trim().min(1).max(200);
export const keyAlgorithm = z.enum(['rsa-2048', 'rsa-3072', 'rsa-4096', 'ec-p256', 'ec-p384']);
export type KeyAlgorithm = z.infer<typeof keyAlgorithm>;
