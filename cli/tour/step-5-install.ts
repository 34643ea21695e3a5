import { claim, type TourContext } from './evidence.ts';
import type { ClientFiles } from './step-3-client-certificate.ts';

const replaces = {
  nss: 'pk12util -i client.p12 -d sql:$HOME/.pki/nssdb; certutil -A -t CT,C,C -n CA -i ca.crt -d sql:$HOME/.pki/nssdb',
  keychain: 'security import client.p12 -k login.keychain-db; security add-trusted-cert -r trustRoot ca.crt',
  windows: 'certutil -user -importPFX My client.p12 NoRoot; certutil -user -addstore Root ca.crt',
};

/** Into the certificate store of a person that the tour makes up, so that nobody's own store is touched. */
export async function installOnClient({ client, text }: TourContext, { pkcs12, password }: ClientFiles) {
  const installed = await client.trustStore.install({ identity: { pkcs12, password }, trustCa: true });
  const again = await client.trustStore.install({ identity: { pkcs12, password }, trustCa: true });
  // A folder goes with the tour; Windows keeps the keys of all its stores together, so this one is taken out.
  if (installed.store.kind === 'windows')
    await client.trustStore.remove({ thumbprint: installed.certificate.thumbprint, removeCa: true });
  return {
    step: 5,
    did: text.tour.did.install(installed.store.label),
    replaces: replaces[installed.store.kind],
    evidence: [
      claim(
        5,
        'certificate-in-store',
        installed.outcome === 'installed',
        `${installed.certificate.subject} ${installed.certificate.thumbprint}`,
      ),
      claim(5, 'key-signs', installed.certificate.hasKey, 'a nonce was signed and verified'),
      claim(5, 'ca-trusted', installed.authority?.trusted === true, installed.authority?.subject ?? 'none'),
      claim(5, 'idempotent', again.outcome === 'already-installed', again.outcome),
    ],
  };
}
