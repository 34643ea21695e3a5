/** Lets a key of the keychain sign a nonce, by `security cms -S`, and verifies what comes back with our own means. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../../contract/problem.ts';
import { berToDer } from '../../x509/ber.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { context, DerReader, Tag } from '../../x509/der.ts';
import { readSubjectKeyIdentifier } from '../../x509/extensions.ts';
import { describePublicKey, verifySignature } from '../../x509/key.ts';
import { Oid } from '../../x509/oids.ts';
import { writeSecretFile } from '../workspace.ts';
import type { Keychain } from './keychain.ts';
import { securityWithin } from './security.ts';

/** Signing takes milliseconds; a dialog that asks whether it may takes a person, and this is no time to ask one. */
const timeLimit = 20_000;
const what = 'CMS';

/**
 * True when the key signed for this certificate; false when it signed for another. Null when it could not be tried:
 * the certificate has no key identifier to find it by, macOS would have had to ask, or `security` did not do it.
 */
export async function proveKey(
  { host, path, workspace }: Keychain,
  certificate: Certificate,
): Promise<boolean | null> {
  const keyIdentifier = readSubjectKeyIdentifier(certificate.extensions);
  if (!keyIdentifier) return null;
  const nonce = randomBytes(32);
  const name = nonce.toString('hex').slice(0, 16);
  const input = await writeSecretFile(workspace, `${name}.nonce`, nonce);
  const output = join(workspace, `${name}.cms`);
  const id = Buffer.from(keyIdentifier).toString('hex').toUpperCase();
  try {
    // -Y NONE: without it a certificate that is not for mail is refused.
    const words = [
      'cms',
      '-S',
      '-Z',
      id,
      '-k',
      path,
      '-H',
      'SHA256',
      '-Y',
      'NONE',
      '-i',
      input,
      '-o',
      output,
    ];
    const run = await securityWithin(host, timeLimit, ...words);
    if (run.exitCode !== 0) return null;
    return signedBy(certificate, nonce, await readFile(output));
  } catch (error) {
    // A program that hung, wrote no file, or wrote what is no CMS has proven nothing either way.
    if (error instanceof Problem || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if ((error as Error).name === 'X509Error') return null;
    throw error;
  }
}

/** SignedData with one signer (RFC 5652 §5.3, §5.4). @throws X509Error DER_MALFORMED when it is none */
export function signedBy(certificate: Certificate, content: Uint8Array, message: Uint8Array): boolean {
  const outer = DerReader.over(berToDer(message, what), what).enter();
  outer.oid();
  const data = outer.enter(context(0)).enter();
  data.smallInteger();
  data.enter(Tag.set);
  data.enter();
  data.enterOptional(context(0));
  data.enterOptional(context(1));
  const signer = data.enter(Tag.set).enter();
  signer.smallInteger();
  signer.any();
  signer.enter();
  const attributes = signer.peek() === context(0) ? signer.any().encoded : undefined;
  signer.enter();
  const signature = signer.octets();
  // The key signs the attributes when there are any, and the digest of the content is one of them.
  if (attributes && !Buffer.from(attributes).includes(createHash('sha256').update(content).digest()))
    return false;
  const signed = attributes ? Uint8Array.of(Tag.set, ...attributes.subarray(1)) : content;
  const rsa = describePublicKey(certificate.spki).type === 'rsa';
  const algorithm = rsa ? Oid.sha256WithRSAEncryption : Oid.ecdsaWithSHA256;
  return verifySignature(what, certificate.spki, algorithm, signed, signature);
}
