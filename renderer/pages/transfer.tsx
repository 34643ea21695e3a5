/** The air gap: what goes by a file between the machine with a CA's key and the connected one, seen from either. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { AuthorityView } from '../../contract/authority.ts';
import { useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { Facts } from '../parts/facts.tsx';
import { Fingerprint } from '../parts/fingerprint.tsx';
import { Actions } from '../parts/form.tsx';
import { Card, Chip, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { SaveTransfer } from '../parts/save-transfer.tsx';
import { go, useRoute } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';
import { AskForCertificate, AskForRevocation } from './transfer-asks.tsx';
import { TakeIn } from './transfer-take-in.tsx';
import { WaitingRequests } from './transfer-waiting.tsx';

const useStyles = makeStyles({
  cards: { display: 'grid', gap: '14px' },
  gap: { margin: '12px 0' },
  steps: { margin: '8px 0 0', paddingLeft: '22px', fontSize: '14px', lineHeight: '24px' },
  step: {
    display: 'inline-grid',
    width: '100%',
    verticalAlign: 'top',
    gridTemplateColumns: '152px minmax(0, 1fr)',
    columnGap: '8px',
  },
});

export function Transfer() {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const { detail } = useRoute();
  const list = useQuery(query.authority.list.queryOptions());
  const labels = text.transfer;
  const authorities = list.data ?? [];
  const elsewhere = authorities.filter(({ hasKey }) => !hasKey);
  if (detail === 'certificate' || detail === 'revocation')
    return (
      <Page title={labels.ask[detail]} subtitle={labels.askSubtitle[detail]} key={detail}>
        {list.data && elsewhere.length === 0 ? (
          <Card>
            <Quiet>{labels.nobodyToAsk}</Quiet>
            <Actions>
              <Button onClick={() => go('transfer')}>{labels.toTransfer}</Button>
            </Actions>
          </Card>
        ) : (
          list.data && (
            <Card>
              {detail === 'certificate' ? (
                <AskForCertificate authorities={elsewhere} />
              ) : (
                <AskForRevocation authorities={elsewhere} />
              )}
            </Card>
          )
        )}
      </Page>
    );
  return (
    <Page title={text.pages.transfer} subtitle={labels.subtitle}>
      <ProblemBar problem={list.error ? problemOf(list.error) : null} />
      <div className={styles.cards}>
        {list.data && authorities.length === 0 && (
          <Card title={labels.emptyTitle}>
            <Quiet>{labels.empty}</Quiet>
            <Actions>
              <Button onClick={() => go('authorities', 'new')}>{text.authorities.create}</Button>
            </Actions>
          </Card>
        )}
        <TakeIn authorities={authorities} />
        {authorities.map((authority) =>
          authority.hasKey ? (
            <KeyHere key={authority.id} authority={authority} />
          ) : (
            <KeyElsewhere key={authority.id} authority={authority} />
          ),
        )}
        <HowItGoes />
      </div>
    </Page>
  );
}

/** The CA's machine: what the connected one needs leaves from here. */
function KeyHere({ authority }: { authority: AuthorityView }) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const labels = text.transfer;
  const { crl } = authority;
  return (
    <Card title={authority.name} note={<Chip tone="action">{labels.keyHere}</Chip>}>
      <Quiet>{labels.keyHereNote}</Quiet>
      <div className={styles.gap}>
        <Facts
          of={[
            [
              labels.holds,
              `${text.authorities.issued(authority.issued)} · ${text.authorities.revoked(authority.revoked)}`,
            ],
            [
              text.authorities.crl,
              crl ? text.authorities.crlFacts(crl.number, format.date(crl.nextUpdate)) : text.plan.none,
            ],
            [labels.fingerprint, <Fingerprint key="print" value={authority.fingerprint} />],
          ]}
        />
      </div>
      <SaveTransfer authority={authority.id} words={labels.saveForConnected} />
    </Card>
  );
}

/** The connected machine: what is wanted of a CA whose key is elsewhere. */
function KeyElsewhere({ authority }: { authority: AuthorityView }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const labels = text.transfer;
  const waiting = useQuery(query.transfer.waiting.queryOptions({ input: { authority: authority.id } }));
  const asks = (
    <>
      <Button onClick={() => go('transfer', 'certificate')}>{labels.askStart.certificate}</Button>
      <Button onClick={() => go('transfer', 'revocation')}>{labels.askStart.revocation}</Button>
    </>
  );
  return (
    <Card title={authority.name} note={<Chip tone="neutral">{labels.keyElsewhere}</Chip>}>
      <Quiet>{labels.keyElsewhereNote}</Quiet>
      <ProblemBar problem={waiting.error ? problemOf(waiting.error) : null} />
      {waiting.data?.length === 0 ? (
        <Quiet className={styles.gap}>{labels.nothingWaits}</Quiet>
      ) : (
        waiting.data && <WaitingRequests requests={waiting.data} />
      )}
      {waiting.data?.length === 0 ? (
        <Actions>{asks}</Actions>
      ) : (
        <SaveTransfer authority={authority.id} words={labels.saveForAuthority} appearance="primary">
          {asks}
        </SaveTransfer>
      )}
    </Card>
  );
}

/** What happens, and on which of the two machines. */
const way = [
  ['export', 'keeper'],
  ['confirm', 'connected'],
  ['ask', 'connected'],
  ['decide', 'keeper'],
  ['receive', 'connected'],
] as const;

function HowItGoes() {
  const { text } = useSpeech();
  const styles = useStyles();
  const labels = text.transfer;
  return (
    <Card title={labels.howTitle}>
      <Quiet>{labels.howNote}</Quiet>
      <ol className={styles.steps}>
        {way.map(([step, at]) => (
          <li key={step}>
            <span className={styles.step}>
              <span>
                <Chip tone={at === 'keeper' ? 'action' : 'neutral'}>{labels.machines[at]}</Chip>
              </span>
              {labels.how[step]}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
