/** What was wrong, what was kept, what to do next: every problem of the contract, in the language of the window. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { describeProblem } from '../../contract/problem.ts';
import { useAction, useUnlock } from '../connection/api.tsx';
import { isProblemCode, type WindowProblem } from '../connection/problem-of.ts';
import { look } from '../look/theme.ts';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  bar: {
    borderLeft: `3px solid ${look.dangerLine}`,
    backgroundColor: look.dangerGround,
    padding: '10px 12px',
    margin: '12px 0',
    fontSize: '14px',
    lineHeight: '20px',
    overflowWrap: 'anywhere',
  },
  what: { fontWeight: tokens.fontWeightSemibold, margin: 0 },
  line: { margin: '2px 0 0' },
  actions: { display: 'flex', gap: '8px', marginTop: '8px' },
  code: { color: look.quietText, fontSize: '12px', fontFamily: tokens.fontFamilyMonospace },
});

export function ProblemBar({
  problem,
  onClose,
}: {
  problem: { readonly code: string; readonly data: Readonly<Record<string, unknown>> } | null;
  onClose?: (() => void) | undefined;
}) {
  const { text, language } = useSpeech();
  const styles = useStyles();
  if (!problem) return null;
  const known: WindowProblem = isProblemCode(problem.code)
    ? { code: problem.code, data: problem.data }
    : { code: 'INTERNAL', data: { incident: problem.code } };
  const { what, kept, remedy } = describeProblem(known.code, known.data, language);
  return (
    <div className={styles.bar} role="alert">
      <p className={styles.what}>{what}</p>
      {kept !== undefined && <p className={styles.line}>{kept}</p>}
      <p className={styles.line}>{text.remedies[known.code as keyof typeof text.remedies] ?? remedy}</p>
      <WayOut code={known.code} />
      <div className={styles.actions}>
        <span className={styles.code}>{known.code}</span>
        {onClose && (
          <Button size="small" appearance="subtle" onClick={onClose}>
            {text.common.close}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Where the remedy is one click away, the click. */
function WayOut({ code }: { code: string }) {
  if (code === 'VAULT_LOCKED') return <Unlock />;
  if (code === 'PRACTICE_STOPPED') return <StartPractice />;
  if (code === 'AUTHORITY_KEY_ABSENT') return <AskByFile />;
  return null;
}

function AskByFile() {
  const { text } = useSpeech();
  const styles = useStyles();
  return (
    <div className={styles.actions}>
      <Button onClick={() => go('transfer')}>{text.transfer.askByFile}</Button>
    </div>
  );
}

function Unlock() {
  const { text } = useSpeech();
  const styles = useStyles();
  const unlock = useUnlock();
  const unlocked = useAction(async () => unlock());
  return (
    <div className={styles.actions}>
      <Button onClick={() => void unlocked.run(undefined)}>{text.vault.unlock}</Button>
    </div>
  );
}

function StartPractice() {
  const { text } = useSpeech();
  const styles = useStyles();
  const practice = useAction((client) => client.practice.start({ port: 0 }));
  return (
    <div className={styles.actions}>
      <Button disabled={practice.pending} onClick={() => void practice.run(undefined)}>
        {text.practice.start}
      </Button>
    </div>
  );
}
