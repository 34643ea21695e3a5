/** Taking in a certificate that was bought elsewhere. */
import type {
  ImportServerCertificateInput,
  StoredServerCertificate,
} from '../../contract/server-certificate.ts';
import type { CoreContext } from '../context.ts';
import { sealPrivateKey } from '../private-key.ts';
import { checkMaterial, readInput, refuseErrors, requireLeaf } from './inspect.ts';
import { chooseKey, wipe } from './read.ts';
import { findPendingRequest, joinAnswer } from './request.ts';
import { insertWithKey } from './store.ts';

/**
 * Keeps chain and key. Without a key the certificate may be the answer to a request made here: then it is joined to
 * that one, which keeps its name. Warnings and notes come back with the row.
 * @throws Problem SERVER_CERTIFICATE_REFUSED with all findings, SERVER_CERTIFICATE_ABSENT, SERVER_CERTIFICATE_EXISTS,
 *   VALUE_INVALID for a host that is none, VAULT_LOCKED; X509Error as `readMaterial`. Nothing is stored then.
 */
export function importServerCertificate(
  context: CoreContext,
  input: ImportServerCertificateInput,
): StoredServerCertificate {
  const material = readInput(input);
  try {
    const leaf = requireLeaf(material, input);
    const key = chooseKey(leaf, material.keys);
    const pending = key ? undefined : findPendingRequest(context, leaf.spki);
    if (pending)
      return joinAnswer(context, pending, material, input.hosts.length > 0 ? input.hosts : pending.hosts);
    const check = checkMaterial(context, material, leaf, key?.publicKey, input.hosts);
    refuseErrors(check);
    const sealed = sealPrivateKey(context, key!.pkcs8);
    return {
      certificate: context.registry.write((rows) =>
        insertWithKey(context, rows, 'imported', input.name, check.chain, sealed),
      ),
      findings: [...check.findings],
    };
  } finally {
    wipe(material);
  }
}
