/** Serials that were about to be signed when Warifu stopped: revoke, or say that nothing was made. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useAction, useApi } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { Copyable } from '../parts/copyable.tsx';
import { Actions } from '../parts/form.tsx';
import { Card, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: { padding: '10px 0', borderTop: `1px solid ${look.hairline}`, ':first-child': { borderTopWidth: 0 } },
});

export function PossiblyIssued() {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const open = useQuery(query.certificate.possiblyIssued.queryOptions()).data ?? [];
  const settle = useAction(
    (client, input: { readonly id: string; readonly decision: 'revoke' | 'discard' }) =>
      client.certificate.settlePossiblyIssued(input),
  );
  const labels = text.possiblyIssued;
  return (
    <Page title={labels.title} subtitle={labels.subtitle}>
      <Card>
        <ProblemBar problem={settle.problem} onClose={settle.clear} />
        {open.length === 0 && <Quiet>{labels.none}</Quiet>}
        <ul className={styles.list}>
          {open.map(({ id, subject, serial, authority, createdAt }) => (
            <li key={id} className={styles.row}>
              {subject} · {authority} · {format.time(createdAt)} · <Copyable value={serial} />
              <Actions>
                <Button disabled={settle.pending} onClick={() => void settle.run({ id, decision: 'revoke' })}>
                  {labels.revoke}
                </Button>
                <Button
                  disabled={settle.pending}
                  onClick={() => void settle.run({ id, decision: 'discard' })}
                >
                  {labels.discard}
                </Button>
              </Actions>
            </li>
          ))}
        </ul>
      </Card>
    </Page>
  );
}
