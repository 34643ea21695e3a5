/** One glance: does mutual TLS hold, proven when and how; what needs the person; who answered; what ends when. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { HomeNeed, HomeOverview } from '../../contract/home.ts';
import { useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { look } from '../look/theme.ts';
import { Card, Chip, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { useVerification } from '../parts/verification.tsx';
import { ExpiryTimeline } from '../pictures/expiry-timeline.tsx';
import { Tally } from '../pictures/tally.tsx';
import { WhoAnswered } from '../pictures/who-answered.tsx';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';
import { useNeedActions } from './home-needs.tsx';

const useStyles = makeStyles({
  top: { display: 'flex', gap: '24px', alignItems: 'center', flexWrap: 'wrap', marginBottom: '20px' },
  words: { minWidth: '260px', flex: '1 1 320px' },
  chips: { display: 'flex', gap: '8px', flexWrap: 'wrap', alignItems: 'center', marginTop: '10px' },
  grid: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr)',
    gap: '14px',
    marginBottom: '14px',
    '@media (max-width: 960px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  needs: { listStyleType: 'none', margin: 0, padding: 0 },
  need: {
    display: 'flex',
    alignItems: 'center',
    gap: '16px',
    padding: '10px 0',
    borderTop: `1px solid ${look.hairline}`,
    ':first-child': { borderTopWidth: 0, paddingTop: 0 },
  },
  dot: { flexShrink: 0 },
  needWords: { flexGrow: 1, minWidth: 0 },
  needTitle: { fontWeight: tokens.fontWeightSemibold, margin: 0, fontSize: '14px', lineHeight: '20px' },
  button: { flexShrink: 0 },
});

export function Home() {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const overview = useQuery(query.home.overview.queryOptions({ refetchInterval: 60_000 }));
  const check = useVerification();
  const home = overview.data;
  if (!home)
    return (
      <Page title={text.pages.home}>
        <ProblemBar problem={overview.error ? problemOf(overview.error) : null} />
      </Page>
    );
  const { verdict, rollout, evidence } = home;
  return (
    <Page title={text.home.verdict[verdict]} subtitle={subtitle(home)}>
      <div className={styles.top}>
        <Tally verdict={verdict} />
        <div className={styles.words}>
          {verdict === 'unmade' && <Quiet>{text.home.unmadeHint}</Quiet>}
          {evidence && <Cases evidence={evidence} />}
          <div className={styles.chips}>
            {rollout && verdict !== 'unmade' && (
              <Button
                appearance={verdict === 'holds' ? 'secondary' : 'primary'}
                disabled={check.running}
                onClick={() => void check.start({ name: rollout.name })}
              >
                {check.running ? text.test.running : text.home.checkAgain}
              </Button>
            )}
            {(verdict === 'unmade' || !rollout) && (
              <Button appearance="primary" onClick={() => go('guide')}>
                {text.home.openGuide}
              </Button>
            )}
          </div>
          <ProblemBar problem={check.problem} />
        </div>
      </div>
      <div className={styles.grid}>
        <Card title={text.home.needsYou}>
          {home.needs.length === 0 ? (
            <Quiet>{text.home.needsNothing}</Quiet>
          ) : (
            <ul className={styles.needs}>
              {home.needs.map((need) => (
                <Need key={JSON.stringify(need)} need={need} />
              ))}
            </ul>
          )}
        </Card>
        <Card
          title={text.home.whoAnswered}
          note={evidence?.balance ? text.home.lastRequests(evidence.balance.requests) : undefined}
        >
          {evidence?.balance ? (
            <>
              <WhoAnswered backends={evidence.balance.backends} />
              <Quiet>
                {evidence.balance.even === null
                  ? text.home.oneBackend
                  : evidence.balance.even
                    ? text.home.even
                    : text.home.uneven}
              </Quiet>
            </>
          ) : (
            <Quiet>{text.home.nobodyAsked}</Quiet>
          )}
        </Card>
      </div>
      <Card title={text.home.expiry}>
        {home.expiry.length === 0 && home.milestones.length === 0 ? (
          <Quiet>{text.home.nothingEnds}</Quiet>
        ) : (
          <ExpiryTimeline expiry={home.expiry} milestones={home.milestones} />
        )}
      </Card>
    </Page>
  );

  function subtitle({ rollout: made, evidence: seen }: HomeOverview): string | undefined {
    if (!made) return undefined;
    const parts = [seen?.host, made.loadBalancerId ?? undefined];
    if (seen) parts.push(text.home.checked(format.relative(seen.at)));
    return parts.filter((part) => part !== undefined).join(' · ');
  }
}

/** What was tried, grouped as a person thinks of it. */
function Cases({ evidence }: { evidence: NonNullable<HomeOverview['evidence']> }) {
  const { text } = useSpeech();
  const styles = useStyles();
  return (
    <div className={styles.chips}>
      {evidence.cases
        .filter(({ verdict }) => verdict !== 'not-tested')
        .toSorted((a, b) => a.expected.localeCompare(b.expected))
        .map(({ case: name, verdict, expected }) => {
          const good = verdict === 'as-expected';
          const outcome = good === (expected === 'let-in') ? text.test.letIn : text.test.refused;
          return (
            <Chip key={name} tone={good ? 'proven' : 'danger'}>
              {text.test.cases[name]}
              {text.common.colon}
              {outcome}
            </Chip>
          );
        })}
    </div>
  );
}

function Need({ need }: { need: HomeNeed }) {
  const styles = useStyles();
  const { title, detail, urgent, label, act, action } = useNeedActions(need);
  return (
    <li className={styles.need}>
      <svg className={styles.dot} width="12" height="12" aria-hidden="true">
        <circle cx="6" cy="6" r="5" fill={urgent ? look.dangerLine : look.attentionLine} />
      </svg>
      <div className={styles.needWords}>
        <p className={styles.needTitle}>{title}</p>
        <Quiet>{detail}</Quiet>
        <ProblemBar problem={action.problem} />
      </div>
      <Button className={styles.button} disabled={action.pending} onClick={act}>
        {label}
      </Button>
    </li>
  );
}
