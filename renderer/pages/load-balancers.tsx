/** Rollouts: what stands in the cloud, the plan to what should, the proof, and the way to take it down. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { RolloutView } from '../../contract/rollout.ts';
import { useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { Evidence } from '../parts/evidence.tsx';
import { Facts } from '../parts/facts.tsx';
import { Actions } from '../parts/form.tsx';
import { Card, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { RolloutForm } from '../parts/rollout-form.tsx';
import { useVerification, VerificationProgress, VerificationResult } from '../parts/verification.tsx';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';
import { TakeDown } from './take-down.tsx';

const useStyles = makeStyles({
  cards: { display: 'grid', gap: '14px' },
});

export function LoadBalancers() {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const rollouts = useQuery(query.rollout.list.queryOptions());
  const guide = useQuery(query.guide.status.queryOptions()).data;
  const current = rollouts.data?.find(({ name }) => name === guide?.proposal.rollout);
  return (
    <Page title={text.pages['load-balancers']} subtitle={text.rollout.subtitle}>
      <ProblemBar problem={rollouts.error ? problemOf(rollouts.error) : null} />
      <div className={styles.cards}>
        {rollouts.data?.length === 0 && (
          <Card>
            <Quiet>{text.rollout.noneYet}</Quiet>
            <Actions>
              <Button appearance="primary" onClick={() => go('guide', 'upload')}>
                {text.home.openGuide}
              </Button>
            </Actions>
          </Card>
        )}
        {rollouts.data?.map((rollout) => (
          <Rollout key={rollout.name} rollout={rollout} />
        ))}
        {current && guide?.account && (
          <Card title={text.rollout.change(current.name)}>
            <Quiet>{text.rollout.changeNote}</Quiet>
            <RolloutForm
              key={`${current.name} ${guide.proposal.backends.length}`}
              part="listener"
              proposal={guide.proposal}
              account={guide.account.name}
            />
          </Card>
        )}
      </div>
    </Page>
  );
}

function Rollout({ rollout }: { rollout: RolloutView }) {
  const { text } = useSpeech();
  const { query } = useApi();
  const status = useQuery(query.rollout.status.queryOptions({ input: { name: rollout.name } }));
  const check = useVerification();
  const labels = text.rollout;
  return (
    <Card title={rollout.name} note={rollout.practice ? text.shell.practice : rollout.regionId}>
      <ProblemBar problem={status.error ? problemOf(status.error) : null} />
      {status.data && (
        <>
          <Facts
            of={[
              [
                labels.loadBalancer,
                status.data.loadBalancer
                  ? `${status.data.loadBalancer.name} · ${status.data.loadBalancer.id}`
                  : text.plan.none,
              ],
              [labels.endpoint, status.data.endpoint ?? text.plan.none],
            ]}
          />
          <Evidence of={status.data.checks} />
        </>
      )}
      <ProblemBar problem={check.problem} />
      <Actions>
        <Button
          appearance="primary"
          disabled={check.running}
          onClick={() => void check.start({ name: rollout.name })}
        >
          {check.running ? text.test.running : text.test.run}
        </Button>
        <TakeDown rollout={rollout} endpoint={status.data?.endpoint ?? null} />
      </Actions>
      <VerificationProgress of={check} />
      {check.result && <VerificationResult cases={check.result.cases} balance={check.result.balance} />}
    </Card>
  );
}
