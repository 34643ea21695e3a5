/** "Revoked, but still let in by CLB", and what can be done about it. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { CertificateView } from '../../contract/certificate.ts';
import { look } from '../look/theme.ts';
import { Actions } from '../parts/form.tsx';
import { Aside, Quiet } from '../parts/page.tsx';
import { SaveButton } from '../parts/save-button.tsx';
import { saveText } from '../parts/save-file.ts';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  block: { margin: '12px 0' },
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '12px',
    backgroundColor: look.code,
    border: `1px solid ${look.hairline}`,
    borderRadius: '4px',
    padding: '8px 10px',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    margin: '6px 0',
  },
});

/** What a backend that terminates TLS itself needs, to refuse what is on the CRL. */
const backends = [
  ['nginx', 'ssl_client_certificate ca.crt;\nssl_verify_client on;\nssl_crl ca.crl;'],
  [
    'Apache',
    'SSLCACertificateFile ca.crt\nSSLVerifyClient require\nSSLCARevocationFile ca.crl\nSSLCARevocationCheck chain',
  ],
  ['HAProxy', 'bind :443 ssl crt server.pem ca-file ca.crt verify required crl-file ca.crl'],
] as const;

export function RevokedWaysOut({ certificate }: { certificate: CertificateView }) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const [shown, setShown] = useState(false);
  const labels = text.certificates;
  return (
    <div className={styles.block}>
      <Aside tone="danger" title={labels.stillLetIn}>
        {certificate.reason && labels.reasons[certificate.reason]}
        {certificate.revokedAt && ` · ${format.date(certificate.revokedAt)}`}
        <br />
        {labels.stillLetInDetail}
      </Aside>
      <ol>
        <li>{labels.waysOut.rotate}</li>
        <li>{labels.waysOut.backends}</li>
        <li>{labels.waysOut.short}</li>
      </ol>
      <Actions>
        <Button size="small" onClick={() => setShown(!shown)} aria-expanded={shown}>
          {labels.checkAtBackends}
        </Button>
        <SaveButton
          size="small"
          label={labels.saveCrl}
          save={async (client) => {
            const crl = await client.authority.publishCrl({ authority: certificate.authority });
            return saveText('ca.crl', crl.pem);
          }}
        />
      </Actions>
      {shown &&
        backends.map(([name, lines]) => (
          <div key={name}>
            <Quiet>{name}</Quiet>
            <pre className={styles.code}>{lines}</pre>
          </div>
        ))}
    </div>
  );
}
