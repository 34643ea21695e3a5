/** Step 7 as it runs: real handshakes with right, wrong and no certificates. */
import { makeStyles, ProgressBar } from '@fluentui/react-components';
import type { ProbeCase, ProbeProgress, ProbeResult } from '../../contract/probe.ts';
import { refusalText } from '../../contract/probe.ts';
import { type Progress, useProgress } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { WhoAnswered } from '../pictures/who-answered.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { useObserved } from './evidence.tsx';
import { Chip, Quiet } from './page.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: '12px 0', padding: 0 },
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 3fr) 96px minmax(0, 5fr)',
    columnGap: '12px',
    alignItems: 'start',
    padding: '7px 0',
    borderTop: `1px solid ${look.hairline}`,
    fontSize: '14px',
    lineHeight: '20px',
  },
  seen: { color: look.quietText, overflowWrap: 'anywhere' },
  reason: { display: 'block' },
  bar: { margin: '8px 0' },
});

/** How many requests are spread over the backends. */
const requests = 20;

export interface VerifyInput {
  readonly name: string;
  readonly client?: string | undefined;
}
export type Verification = Progress<VerifyInput, ProbeProgress, ProbeResult>;

export function useVerification(): Verification {
  return useProgress((client, { name, client: reference }: VerifyInput, signal) =>
    client.rollout.verify(
      { name, requests, ...(reference === undefined ? {} : { client: reference }) },
      { signal },
    ),
  );
}

export function VerificationProgress({ of: { running, events } }: { of: Verification }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const last = events.at(-1);
  if (!running) return null;
  return (
    <div className={styles.bar} role="status">
      <ProgressBar
        {...(last && last.total > 0 ? { value: last.done / last.total } : {})}
        aria-label={text.test.running}
      />
      <Quiet>{last ? text.test.steps[last.step] : text.test.running}</Quiet>
    </div>
  );
}

export function VerificationResult({ cases, balance }: Pick<ProbeResult, 'cases' | 'balance'>) {
  const { text } = useSpeech();
  const styles = useStyles();
  return (
    <>
      <ul className={styles.list}>
        {cases.map((row) => (
          <CaseRow key={row.case} row={row} />
        ))}
      </ul>
      {balance && (
        <>
          <Quiet>{text.home.lastRequests(balance.requests)}</Quiet>
          <WhoAnswered backends={balance.backends} />
        </>
      )}
    </>
  );
}

function CaseRow({ row }: { row: ProbeCase }) {
  const { text, language } = useSpeech();
  const styles = useStyles();
  const observed = useObserved();
  const { verdict, outcome, observation, explanation } = row;
  const tone =
    verdict === 'as-expected' ? 'proven' : verdict === 'not-tested' ? 'neutral' : ('danger' as const);
  const seen =
    observation?.kind === 'page'
      ? `${observation.title?.startsWith(String(observation.status)) ? '' : observation.status} ${observation.title ?? ''}`
      : observation?.kind === 'alert'
        ? observation.alert
        : observation?.kind === 'closed'
          ? observation.reason
          : '';
  return (
    <li className={styles.row}>
      <span>{text.test.cases[row.case]}</span>
      <span>
        <Chip tone={tone}>
          {outcome === 'let-in'
            ? text.test.letIn
            : outcome === 'refused'
              ? text.test.refused
              : text.test.notTested}
        </Chip>
      </span>
      <span className={styles.seen}>
        <span translate="no">{seen.trim()}</span>
        {explanation.map(({ reason, detail }) => (
          <span key={reason} className={styles.reason}>
            {refusalText[reason][language].replace('{{detail}}', observed(detail))}
          </span>
        ))}
      </span>
    </li>
  );
}
