/** What was looked at, whether it holds, and what was seen. */
import { makeStyles } from '@fluentui/react-components';
import type { GuideEvidence } from '../../contract/guide.ts';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';
import { shortened } from './copyable.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: '12px 0', padding: 0, fontSize: '14px', lineHeight: '20px' },
  row: { display: 'flex', columnGap: '8px', padding: '3px 0', flexWrap: 'wrap' },
  check: { flex: '0 1 240px' },
  observed: { color: look.quietText, flex: '1 1 200px', overflowWrap: 'anywhere' },
  good: { color: look.provenText, width: '16px' },
  bad: { color: look.dangerText, width: '16px' },
  neutral: { color: look.quietText, width: '16px' },
});

export function Evidence({ of }: { of: readonly GuideEvidence[] }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const observed = useObserved();
  if (of.length === 0) return null;
  return (
    <ul className={styles.list} aria-label={text.guide.evidence}>
      {of.map(({ check, ok, observed: seen }) => (
        <li key={check} className={styles.row}>
          <span
            className={ok === null ? styles.neutral : ok ? styles.good : styles.bad}
            role="img"
            aria-label={ok === null ? text.guide.note : ok ? text.guide.holds : text.guide.holdsNot}
          >
            {ok === null ? '·' : ok ? '✓' : '✕'}
          </span>
          <span className={styles.check}>{text.guide.checks[check]}</span>
          <span className={styles.observed} title={seen}>
            {observed(seen)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What was seen: plain words and instants as this language writes them, long ids shortened in the middle. */
export function useObserved(): (seen: string) => string {
  const { text, format } = useSpeech();
  const words: Readonly<Record<string, string>> = text.guide.observed;
  return (seen) =>
    (words[seen] ?? seen)
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (instant) => format.date(instant))
      .replace(/[\w:-]{29,}/g, (id) => shortened(id, 10));
}
