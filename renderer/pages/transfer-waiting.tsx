/** What waits for an answer of a CA whose key is elsewhere, and how it is taken back. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';
import type { WaitingRequest } from '../../contract/transfer.ts';
import { useAction } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { Confirm } from '../parts/confirm.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: '8px 0', padding: 0, fontSize: '14px', lineHeight: '20px' },
  row: {
    display: 'grid',
    gridTemplateColumns: '110px minmax(0, 1fr) max-content max-content',
    columnGap: '12px',
    alignItems: 'center',
    padding: '7px 0',
    borderTop: `1px solid ${look.hairline}`,
    overflowWrap: 'anywhere',
  },
  quiet: { color: look.quietText },
});

export function WaitingRequests({ requests }: { requests: readonly WaitingRequest[] }) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const [asked, setAsked] = useState<WaitingRequest | null>(null);
  const labels = text.transfer;
  return (
    <>
      <ul className={styles.list} aria-label={labels.waiting}>
        {requests.map((request) => (
          <li key={request.id} className={styles.row}>
            <span className={styles.quiet}>{labels.kinds[request.kind]}</span>
            <span>{request.label}</span>
            <span className={styles.quiet}>{format.relative(request.createdAt)}</span>
            <Button
              size="small"
              aria-label={`${labels.withdrawStart} · ${request.label}`}
              onClick={() => setAsked(request)}
            >
              {labels.withdrawStart}
            </Button>
          </li>
        ))}
      </ul>
      {asked && <Withdraw request={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function Withdraw({ request, onClose }: { request: WaitingRequest; onClose(): void }) {
  const { text } = useSpeech();
  const labels = text.transfer;
  const withdraw = useAction((client, id: string) => client.transfer.withdraw({ request: id }));
  return (
    <Confirm
      title={labels.withdrawTitle(request.label)}
      act={labels.withdraw}
      pending={withdraw.pending}
      onAct={async () => {
        if (await withdraw.run(request.id)) onClose();
      }}
      onClose={onClose}
    >
      {labels.withdrawNote[request.kind]}
      <ProblemBar problem={withdraw.problem} />
    </Confirm>
  );
}
