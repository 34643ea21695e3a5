import { join } from 'node:path';
import { writeOutput } from '../files.ts';
import { claim, names, type TourContext } from './evidence.ts';

export interface ClientFiles {
  readonly reference: string;
  readonly pkcs12: string;
  readonly password: string;
}

export async function makeClientCertificate({ client, directory, text }: TourContext) {
  const issued = await client.certificate.issue({
    authority: names.authority,
    profile: 'client',
    subject: `CN=${names.client}, O=Warifu, C=JP`,
    days: 365,
  });
  const certificate = await client.certificate.exportPem({ certificate: issued.id });
  const identity = await client.certificate.exportPkcs12({ certificate: issued.id, profile: 'compatible' });
  const paths = {
    'client.crt': join(directory, 'client.crt'),
    'client.p12': join(directory, 'client.p12'),
    'client.p12.password': join(directory, 'client.p12.password'),
  };
  writeOutput(paths['client.crt'], Buffer.from(certificate.bytes, 'base64'));
  writeOutput(paths['client.p12.password'], `${identity.password}\n`, { mode: 0o600 });
  writeOutput(paths['client.p12'], Buffer.from(identity.bytes, 'base64'), { mode: 0o600 });
  const files: ClientFiles = { reference: issued.id, pkcs12: identity.bytes, password: identity.password! };
  const step = {
    step: 3,
    did: text.tour.did.client(issued.subject),
    replaces:
      'openssl genrsa -out client.key; openssl req -new …; openssl ca -in client.csr …; openssl pkcs12 -export -inkey client.key -in client.crt -out client.p12',
    evidence: [
      claim(3, 'certificate', issued.state === 'valid', `${issued.subject}, serial ${issued.serial}`),
      claim(3, 'key', issued.hasKey, issued.key),
      claim(
        3,
        'pkcs12',
        identity.password !== null,
        `compatible, ${Buffer.from(identity.bytes, 'base64').length} bytes`,
      ),
    ],
  };
  return { step, artifacts: paths, ...files };
}
