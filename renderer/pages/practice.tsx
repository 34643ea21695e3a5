/** Practice: a cloud on this computer that speaks CLB's language and really terminates mutual TLS. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useAction, useApi } from '../connection/api.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { Facts } from '../parts/facts.tsx';
import { Actions } from '../parts/form.tsx';
import { Aside, Card, Chip, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { WhoAnswered } from '../pictures/who-answered.tsx';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({ cards: { display: 'grid', gap: '14px' }, facts: { marginTop: '12px' } });

export function Practice() {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  // Traffic is seen as it comes.
  const status = useQuery(query.practice.status.queryOptions({ refetchInterval: 1000 })).data;
  const start = useAction((client) => client.practice.start({ port: 0 }));
  const stop = useAction((client) => client.practice.stop());
  const labels = text.practice;
  return (
    <Page title={text.pages.practice} subtitle={labels.subtitle}>
      <div className={styles.cards}>
        <Card title={labels.state}>
          {status && (
            <Chip tone={status.running ? 'proven' : 'neutral'}>
              {status.running ? labels.running : labels.stopped}
            </Chip>
          )}
          <ProblemBar problem={start.problem ?? stop.problem} />
          {status?.running && (
            <div className={styles.facts}>
              <Facts
                of={[
                  [labels.endpoint, <Copyable key="endpoint" value={status.endpoint ?? ''} keep={40} />],
                  [labels.region, status.regionId ?? ''],
                ]}
              />
            </div>
          )}
          <Actions>
            {status?.running ? (
              <>
                <Button appearance="primary" onClick={() => go('guide')}>
                  {text.home.openGuide}
                </Button>
                <Button disabled={stop.pending} onClick={() => void stop.run(undefined)}>
                  {labels.stop}
                </Button>
              </>
            ) : (
              <Button appearance="primary" disabled={start.pending} onClick={() => void start.run(undefined)}>
                {labels.start}
              </Button>
            )}
          </Actions>
        </Card>
        {status?.running && (
          <Card title={labels.backends} note={labels.live}>
            <WhoAnswered
              backends={status.backends.map(({ serverId, requests }) => ({
                name: serverId,
                count: requests,
              }))}
            />
            <Quiet>{labels.backendsNote}</Quiet>
          </Card>
        )}
        <Aside tone="action" title={labels.whatTitle}>
          {labels.what}
        </Aside>
      </div>
    </Page>
  );
}
