/** A rollout as it runs: its steps, the cloud's own words while it waits, and the way to stop it. */
import { Button, makeStyles, mergeClasses, ProgressBar, tokens } from '@fluentui/react-components';
import type { RolloutEvent, RolloutStep } from '../../contract/rollout.ts';
import type { Progress } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';
import { Actions } from './form.tsx';
import { Aside, Quiet } from './page.tsx';
import { ProblemBar } from './problem-bar.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: '12px 0', padding: 0, fontSize: '14px', lineHeight: '24px' },
  row: { display: 'flex', gap: '12px', alignItems: 'baseline', flexWrap: 'wrap' },
  mark: { width: '16px', flexShrink: 0, textAlign: 'center' },
  done: { color: look.provenText },
  waiting: { color: look.actionText },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: '12px', color: look.quietText },
});

interface Row {
  readonly step: RolloutStep;
  readonly state: 'started' | 'done' | 'skipped' | 'unknown';
  readonly note: string;
}

/** The newest word on each step, in the order they began. */
function rowsOf(events: readonly RolloutEvent[]): readonly Row[] {
  const rows = new Map<RolloutStep, Row>();
  for (const event of events) {
    if (event.type === 'step')
      rows.set(event.step, {
        step: event.step,
        state: event.state,
        note: event.id ?? rows.get(event.step)?.note ?? '',
      });
    else if (event.type === 'waiting' || event.type === 'call') {
      const note = event.type === 'call' ? event.action : `${event.state} · ${Math.round(event.seconds)} s`;
      rows.set(event.step, { step: event.step, state: rows.get(event.step)?.state ?? 'started', note });
    }
  }
  return [...rows.values()];
}

export function RolloutProgress<I, R>({ of }: { of: Progress<I, RolloutEvent, R> }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const rows = rowsOf(of.events);
  if (!of.running && rows.length === 0 && !of.problem && !of.cancelled) return null;
  const marks = { started: '◐', done: '✓', skipped: '=', unknown: '?' } as const;
  return (
    <div>
      <ul className={styles.list} aria-live="polite">
        {rows.map(({ step, state, note }) => (
          <li key={step} className={styles.row}>
            <span
              className={mergeClasses(styles.mark, state === 'started' ? styles.waiting : styles.done)}
              aria-hidden="true"
            >
              {marks[state]}
            </span>
            <span>{text.rollout.steps[step]}</span>
            <span className={styles.code}>{note}</span>
          </li>
        ))}
      </ul>
      {of.running && (
        <>
          <ProgressBar aria-label={text.rollout.applying} />
          <Quiet>{text.rollout.safeToClose}</Quiet>
          <Actions>
            <Button onClick={of.cancel}>{text.rollout.stop}</Button>
          </Actions>
        </>
      )}
      {of.cancelled && <Aside tone="attention">{text.rollout.stopped}</Aside>}
      <ProblemBar problem={of.problem} />
    </div>
  );
}
