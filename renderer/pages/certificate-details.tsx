/** One certificate: who vouches for it, what it is for, and what can be done with it. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { revocationReason } from '../../contract/authority.ts';
import type { CertificateView } from '../../contract/certificate.ts';
import { useAction, useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { Facts } from '../parts/facts.tsx';
import { Actions, Choice } from '../parts/form.tsx';
import { HandOver } from '../parts/hand-over.tsx';
import { Install } from '../parts/install.tsx';
import { OneKit } from '../parts/one-kit.tsx';
import { Aside, Card, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { saveFile } from '../parts/save-file.ts';
import { TrustChain } from '../pictures/trust-chain.tsx';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';
import { RevokedWaysOut } from './revoked-ways-out.tsx';

const useStyles = makeStyles({
  gap: { margin: '12px 0' },
  parts: { display: 'grid', gap: '14px' },
});

export function CertificateDetails({ reference }: { reference: string }) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const found = useQuery(query.certificate.get.queryOptions({ input: { certificate: reference } }));
  const savePem = useAction(async (client, chain: boolean) => {
    const file = await client.certificate.exportPem({ certificate: reference, chain });
    await saveFile(file.fileName, file.bytes, 'application/x-pem-file');
  });
  const certificate = found.data;
  if (!certificate)
    return (
      <Card>
        <ProblemBar problem={found.error ? problemOf(found.error) : null} />
      </Card>
    );
  const labels = text.certificates;
  const { state } = certificate;
  return (
    <div className={styles.parts}>
      <Card title={certificate.commonName || certificate.subject}>
        <TrustChain
          links={[
            ...(certificate.profile === 'ca'
              ? []
              : [{ name: certificate.authority, note: labels.vouches, tone: 'action' as const }]),
            {
              name: certificate.commonName || certificate.subject,
              note: certificate.key,
              tone: state === 'revoked' || state === 'expired' ? 'danger' : 'proven',
            },
          ]}
        />
        {state === 'revoked' && <RevokedWaysOut certificate={certificate} />}
        <div className={styles.gap}>
          <Facts
            of={[
              [labels.subject, certificate.subject],
              ...(certificate.names.length > 0
                ? [[labels.names, certificate.names.join(', ')] as const]
                : []),
              [labels.from, format.date(certificate.notBefore)],
              [
                labels.ends,
                `${format.date(certificate.notAfter)} · ${format.relative(certificate.notAfter)}`,
              ],
              [labels.serial, <Copyable key="serial" value={certificate.serial} keep={8} />],
              [labels.fingerprint, <Copyable key="print" value={certificate.id} keep={8} />],
            ]}
          />
        </div>
        <ProblemBar problem={savePem.problem} onClose={savePem.clear} />
        <Actions>
          <Button size="small" onClick={() => void savePem.run(false)}>
            {labels.savePem}
          </Button>
          <Button size="small" onClick={() => go('certificates')}>
            {text.common.close}
          </Button>
        </Actions>
      </Card>
      {certificate.profile === 'client' && state === 'valid' && (
        <>
          <Card title={labels.handOver}>
            <HandOver certificate={certificate} />
          </Card>
          {certificate.hasKey && (
            <Card title={text.kits.one}>
              <OneKit certificate={certificate.id} />
            </Card>
          )}
          {certificate.hasKey && (
            <Card title={text.install.title}>
              <Install certificate={certificate.id} />
            </Card>
          )}
        </>
      )}
      {state !== 'revoked' && state !== 'expired' && certificate.profile !== 'ca' && (
        <Card title={labels.revoke}>
          <Revoke certificate={certificate} />
        </Card>
      )}
    </div>
  );
}

function Revoke({ certificate }: { certificate: CertificateView }) {
  const { text } = useSpeech();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState<(typeof revocationReason.options)[number]>('unspecified');
  const revoke = useAction((client) => client.certificate.revoke({ certificate: certificate.id, reason }));
  const labels = text.certificates;
  return (
    <>
      <Quiet>{labels.revokeNote}</Quiet>
      <Actions>
        <Button onClick={() => setAsking(true)}>{labels.revokeStart}</Button>
      </Actions>
      {asking && (
        <Confirm
          title={labels.revokeTitle(certificate.commonName)}
          act={labels.revoke}
          pending={revoke.pending}
          onAct={async () => {
            if (await revoke.run(undefined)) setAsking(false);
          }}
          onClose={() => setAsking(false)}
        >
          <Aside tone="attention" title={labels.revokeTruth}>
            {labels.revokeTruthDetail}
          </Aside>
          <Choice
            label={labels.reason}
            value={reason}
            options={revocationReason.options.map((name) => [name, labels.reasons[name]])}
            onChange={setReason}
          />
          <ProblemBar problem={revoke.problem} />
        </Confirm>
      )}
    </>
  );
}
