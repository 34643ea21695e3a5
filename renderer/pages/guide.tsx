/** The seven steps: what is true now, what is next, and how each is done. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GuideStatus, GuideStep, GuideStepName } from '../../contract/guide.ts';
import { useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { look } from '../look/theme.ts';
import { Commands } from '../parts/commands.tsx';
import { Evidence, useObserved } from '../parts/evidence.tsx';
import { Aside, Card, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { hrefOf } from '../shell/address.ts';
import { useRoute } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';
import { GuideForm } from './guide-forms.tsx';

const useStyles = makeStyles({
  grid: {
    display: 'grid',
    gridTemplateColumns: '286px minmax(0, 1fr)',
    gap: '14px',
    alignItems: 'start',
    '@media (max-width: 1000px)': { gridTemplateColumns: '212px minmax(0, 1fr)' },
    '@media (max-width: 760px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  steps: { listStyleType: 'none', margin: 0, padding: 0 },
  step: {
    display: 'flex',
    gap: '10px',
    padding: '8px 10px',
    borderRadius: '8px',
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: look.code },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  here: { backgroundColor: look.actionGround },
  words: { minWidth: 0 },
  name: { fontSize: '14px', lineHeight: '20px', display: 'block' },
  note: {
    fontSize: '12px',
    lineHeight: '16px',
    color: look.quietText,
    display: 'block',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  mark: {
    width: '20px',
    height: '20px',
    borderRadius: '50%',
    flexShrink: 0,
    display: 'grid',
    placeItems: 'center',
    fontSize: '12px',
    lineHeight: '20px',
    fontWeight: tokens.fontWeightSemibold,
    border: `2px solid ${look.hairline}`,
    color: look.quietText,
  },
  markDone: {
    backgroundColor: look.provenLine,
    borderTopColor: look.provenLine,
    borderRightColor: look.provenLine,
    borderBottomColor: look.provenLine,
    borderLeftColor: look.provenLine,
    color: look.card,
  },
  markNext: {
    borderTopColor: look.chart,
    borderRightColor: look.chart,
    borderBottomColor: look.chart,
    borderLeftColor: look.chart,
    color: look.actionText,
  },
  flaw: { marginTop: '16px' },
});

export function Guide() {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const { detail } = useRoute();
  // Who came without naming a step stays where the day began; the way on is a button.
  const [entry, setEntry] = useState<GuideStepName | null>(null);
  const guide = useQuery(query.guide.status.queryOptions());
  const status = guide.data;
  if (!status)
    return (
      <Page title={text.guide.title} subtitle={text.guide.subtitle}>
        <ProblemBar problem={guide.error ? problemOf(guide.error) : null} />
      </Page>
    );
  const current = entry ?? status.next ?? 'test';
  if (entry === null) setEntry(current);
  const shown = status.steps.find(({ step }) => step === detail)?.step ?? current;
  return (
    <Page title={text.guide.title} subtitle={text.guide.subtitle}>
      <div className={styles.grid}>
        <ol className={styles.steps} aria-label={text.guide.steps}>
          {status.steps.map((step, at) => (
            <StepLink key={step.step} step={step} number={at + 1} shown={shown} next={status.next} />
          ))}
        </ol>
        <StepCard key={shown} status={status} name={shown} />
      </div>
    </Page>
  );
}

function StepLink(props: {
  step: GuideStep;
  number: number;
  shown: GuideStepName;
  next: GuideStepName | null;
}) {
  const { text } = useSpeech();
  const styles = useStyles();
  const { step, number } = props;
  const observed = useObserved();
  const words = text.guide.step[step.step];
  const done = step.state === 'done';
  const first = step.evidence.find(({ ok }) => ok !== false) ?? step.evidence[0];
  return (
    <li>
      <a
        href={hrefOf('guide', step.step)}
        className={mergeClasses(styles.step, step.step === props.shown && styles.here)}
        aria-current={step.step === props.shown ? 'step' : undefined}
      >
        <span
          className={mergeClasses(
            styles.mark,
            done && styles.markDone,
            !done && step.step === props.next && styles.markNext,
          )}
          role="img"
          aria-label={`${number}${text.common.colon}${text.guide.states[step.state]}`}
        >
          {done ? '✓' : number}
        </span>
        <span className={styles.words}>
          <span className={styles.name}>{words.name}</span>
          <span className={styles.note}>
            {done && first ? observed(first.observed) : text.guide.states[step.state]}
          </span>
        </span>
      </a>
    </li>
  );
}

function StepCard({ status, name }: { status: GuideStatus; name: GuideStepName }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const at = status.steps.findIndex(({ step }) => step === name);
  const step = status.steps[at]!;
  const words = text.guide.step[name];
  return (
    <Card title={`${at + 1} · ${words.name}`}>
      <Quiet>{words.purpose}</Quiet>
      <Evidence of={step.evidence} />
      <ProblemBar problem={step.problem} />
      <GuideForm status={status} step={step} />
      <Commands lines={step.commands} />
      <div className={styles.flaw}>
        <Aside tone="attention" title={text.guide.corrected}>
          {words.flaw}
        </Aside>
      </div>
    </Card>
  );
}
