/** Certificate authorities and their CRLs. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { AuthorityView } from '../../contract/authority.ts';
import { useAction, useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { AuthorityForm } from '../parts/authority-form.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { Facts } from '../parts/facts.tsx';
import { Actions } from '../parts/form.tsx';
import { Aside, Card, Chip, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { SaveButton } from '../parts/save-button.tsx';
import { saveText } from '../parts/save-file.ts';
import { TrustChain } from '../pictures/trust-chain.tsx';
import { go, useRoute } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({ cards: { display: 'grid', gap: '14px' }, gap: { margin: '12px 0' } });

export function Authorities() {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const { detail } = useRoute();
  const list = useQuery(query.authority.list.queryOptions());
  if (detail === 'new')
    return (
      <Page title={text.authorities.create} subtitle={text.guide.step.authority.purpose}>
        <Card>
          <AuthorityForm onDone={({ name }) => go('authorities', name)} />
        </Card>
      </Page>
    );
  const all = list.data ?? [];
  const shown = all.filter(({ name }) => detail === null || name === detail);
  return (
    <Page
      title={text.pages.authorities}
      subtitle={text.authorities.subtitle}
      actions={
        <Button appearance="primary" onClick={() => go('authorities', 'new')}>
          {text.authorities.create}
        </Button>
      }
    >
      <ProblemBar problem={list.error ? problemOf(list.error) : null} />
      <div className={styles.cards}>
        {list.data && all.length === 0 && (
          <Card>
            <Quiet>{text.authorities.noneYet}</Quiet>
          </Card>
        )}
        {shown.map((authority) => (
          <Authority key={authority.id} authority={authority} />
        ))}
      </div>
    </Page>
  );
}

function Authority({ authority }: { authority: AuthorityView }) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const labels = text.authorities;
  const publish = useAction((client) => client.authority.publishCrl({ authority: authority.id }));
  const { crl } = authority;
  const crlOver = crl !== null && format.days(crl.nextUpdate) < 0;
  return (
    <Card title={authority.name}>
      <TrustChain
        links={[
          { name: authority.subject, note: authority.key, tone: 'action' },
          {
            name: labels.issued(authority.issued),
            note: labels.revoked(authority.revoked),
            tone: 'proven',
          },
        ]}
      />
      {authority.clbObstacle !== null && (
        <Aside tone="attention">{labels.obstacle(authority.clbObstacle)}</Aside>
      )}
      <div className={styles.gap}>
        <Facts
          of={[
            [
              text.certificates.ends,
              `${format.date(authority.notAfter)} · ${format.relative(authority.notAfter)}`,
            ],
            [
              labels.crl,
              crl ? (
                <span key="crl">
                  {labels.crlFacts(crl.number, format.date(crl.nextUpdate))}{' '}
                  {crlOver && <Chip tone="danger">{labels.crlOver}</Chip>}
                </span>
              ) : (
                text.plan.none
              ),
            ],
            [text.certificates.serial, <Copyable key="serial" value={authority.serial} keep={8} />],
            [text.certificates.fingerprint, <Copyable key="print" value={authority.fingerprint} keep={8} />],
          ]}
        />
      </div>
      <ProblemBar problem={publish.problem} onClose={publish.clear} />
      <Actions>
        <Button disabled={publish.pending} onClick={() => void publish.run(undefined)}>
          {labels.publishCrl}
        </Button>
        <SaveButton
          label={labels.saveCertificate}
          save={async (client) => {
            const { pem } = await client.authority.exportCertificate({ authority: authority.id });
            return saveText('ca.crt', pem);
          }}
        />
        {crl && (
          <SaveButton
            label={text.certificates.saveCrl}
            save={async (client) => {
              const latest = await client.authority.latestCrl({ authority: authority.id });
              return latest !== null && saveText('ca.crl', latest.pem);
            }}
          />
        )}
      </Actions>
    </Card>
  );
}
