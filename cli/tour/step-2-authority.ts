import { join } from 'node:path';
import { writeOutput } from '../files.ts';
import { claim, names, type TourContext } from './evidence.ts';

export async function makeAuthority({ client, directory, text }: TourContext) {
  const made = await client.authority.create({
    name: names.authority,
    subject: `CN=${names.authority}, O=Warifu, C=JP`,
    keyAlgorithm: 'rsa-4096',
    years: 10,
  });
  const { pem } = await client.authority.exportCertificate({ authority: names.authority });
  const crl = await client.authority.publishCrl({ authority: names.authority });
  const paths = { 'ca.crt': join(directory, 'ca.crt'), 'ca.crl': join(directory, 'ca.crl') };
  writeOutput(paths['ca.crt'], pem);
  writeOutput(paths['ca.crl'], crl.pem);
  const step = {
    step: 2,
    did: text.tour.did.authority(made.subject),
    replaces:
      'openssl genrsa -out ca.key; openssl req -x509 -new -key ca.key -out ca.crt; touch index.txt; echo 01 > serial; openssl ca -gencrl -out ca.crl',
    evidence: [
      claim(2, 'x509-v3-ca', made.clbObstacle === null, `${made.key}, ${made.notBefore} – ${made.notAfter}`),
      claim(2, 'fingerprint', made.fingerprint.length === 64, made.fingerprint),
      claim(2, 'crl-number', crl.number >= 1, `${crl.number}, next update ${crl.nextUpdate}`),
    ],
  };
  return { step, artifacts: paths };
}
