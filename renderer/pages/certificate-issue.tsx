import { Button } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CertificateView } from '../../contract/certificate.ts';
import { useApi } from '../connection/api.tsx';
import { ClientForm } from '../parts/client-form.tsx';
import { Actions } from '../parts/form.tsx';
import { HandOver } from '../parts/hand-over.tsx';
import { Card, Chip, Page, Quiet } from '../parts/page.tsx';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';

export function IssueCertificate() {
  const { text } = useSpeech();
  const { query } = useApi();
  const authorities = useQuery(query.authority.list.queryOptions()).data;
  const [made, setMade] = useState<CertificateView | null>(null);
  const newest = authorities?.at(-1);
  return (
    <Page title={text.certificates.issue} subtitle={text.guide.step['client-certificate'].purpose}>
      <Card>
        {authorities && !newest && (
          <>
            <Quiet>{text.authorities.noneYet}</Quiet>
            <Actions>
              <Button appearance="primary" onClick={() => go('authorities', 'new')}>
                {text.authorities.create}
              </Button>
            </Actions>
          </>
        )}
        {newest && !made && <ClientForm authority={newest.name} onDone={setMade} />}
        {made && (
          <>
            <span role="status">
              <Chip tone="proven">{text.certificates.issued(made.commonName)}</Chip>
            </span>
            <HandOver certificate={made} />
            <Actions>
              <Button appearance="primary" onClick={() => go('certificates', made.id)}>
                {text.common.show}
              </Button>
              <Button onClick={() => setMade(null)}>{text.guide.another}</Button>
            </Actions>
          </>
        )}
      </Card>
    </Page>
  );
}
