/** Steps 4 and 6: what should stand, the plan that leads there, and its progress. */
import { Button, Input, makeStyles, Select, Textarea } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GuideProposal } from '../../contract/guide.ts';
import type { RolloutPlan as Plan, RolloutRequest } from '../../contract/rollout.ts';
import { rolloutRequest, tlsCipherPolicies } from '../../contract/rollout.ts';
import { useAction, useApi, useProgress } from '../connection/api.tsx';
import { RolloutGraph } from '../pictures/rollout-graph.tsx';
import { RolloutPlan } from '../pictures/rollout-plan.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Actions, Columns, TextField } from './form.tsx';
import { LoadBalancerField, type Place } from './load-balancer-field.tsx';
import { Chip, Quiet } from './page.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { RolloutProgress } from './rollout-progress.tsx';
import { listOf } from './subject.ts';

const useStyles = makeStyles({
  plan: { marginTop: '16px' },
});

interface Wanted {
  readonly place: Place;
  readonly loadBalancerId: string;
  readonly loadBalancerName: string;
  readonly serverCertificate: string;
  readonly authority: string;
  readonly backends: string;
  readonly port: string;
  readonly backendPort: string;
  readonly scheduler: 'rr' | 'wrr';
  readonly tlsCipherPolicy: string;
  readonly healthUri: string;
}

function wantedFrom(proposal: GuideProposal): Wanted {
  return {
    place: proposal.loadBalancerId === null ? 'new' : 'existing',
    loadBalancerId: proposal.loadBalancerId ?? '',
    loadBalancerName: proposal.loadBalancerName,
    serverCertificate: proposal.serverCertificate ?? '',
    authority: proposal.authority ?? '',
    backends: proposal.backends.map(({ serverId, weight }) => `${serverId}:${weight}`).join('\n'),
    port: String(proposal.port),
    backendPort: String(proposal.backendPort),
    scheduler: 'rr',
    tlsCipherPolicy: 'tls_cipher_policy_1_2',
    healthUri: '/healthz',
  };
}

function requestFrom(wanted: Wanted, proposal: GuideProposal, account: string): RolloutRequest {
  const interval = proposal.healthCheckInterval;
  return {
    name: proposal.rollout,
    account,
    serverCertificate: wanted.serverCertificate,
    authority: wanted.authority,
    loadBalancer:
      wanted.place === 'new'
        ? { create: { name: wanted.loadBalancerName } }
        : { id: wanted.loadBalancerId.trim() },
    listener: {
      port: Number(wanted.port),
      backendServerPort: Number(wanted.backendPort),
      scheduler: wanted.scheduler,
      tlsCipherPolicy: wanted.tlsCipherPolicy,
      healthCheck: {
        uri: wanted.healthUri,
        interval,
        ...(interval === 1 ? { timeout: 1, healthyThreshold: 2, unhealthyThreshold: 2 } : {}),
      },
    },
    backends: listOf(wanted.backends).map((line) => {
      const [serverId = '', weight] = line.split(':');
      return { serverId, ...(weight === undefined ? {} : { weight: Number(weight) }) };
    }),
  };
}

/** `part`: upload shows the certificates and stops when they are there; listener shows and does everything. */
export function RolloutForm({
  part,
  proposal,
  account,
}: {
  part: 'upload' | 'listener';
  proposal: GuideProposal;
  account: string;
}) {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const [wanted, setWanted] = useState(() => wantedFrom(proposal));
  const [plan, setPlan] = useState<Plan | null>(null);
  const serverCertificates = useQuery(query.serverCertificate.list.queryOptions()).data ?? [];
  const authorities = useQuery(query.authority.list.queryOptions()).data ?? [];
  const show = useAction((client, request: RolloutRequest) => client.rollout.plan(request));
  const apply = useProgress((client, request: RolloutRequest, signal) =>
    client.rollout.apply(
      {
        ...request,
        ...(plan ? { digest: plan.digest } : {}),
        ...(part === 'upload' ? { until: 'ca-certificate' as const } : {}),
      },
      { signal },
    ),
  );
  const request = requestFrom(wanted, proposal, account);
  const fits = rolloutRequest.safeParse(request).success;
  const change = (changed: Partial<Wanted>): void => {
    setWanted((before) => ({ ...before, ...changed }));
    // A plan is of one wish only.
    setPlan(null);
  };
  const set =
    (field: keyof Wanted) =>
    (_: unknown, { value }: { value: string }): void =>
      change({ [field]: value });
  const labels = text.rollout;
  return (
    <div>
      <Columns>
        <LoadBalancerField
          account={account}
          newName={wanted.loadBalancerName}
          place={wanted.place}
          id={wanted.loadBalancerId}
          onPlace={(place) => change({ place })}
          onId={(loadBalancerId) => change({ loadBalancerId })}
        />
        <TextField label={labels.serverCertificate}>
          <Select value={wanted.serverCertificate} onChange={set('serverCertificate')}>
            {serverCertificates.map(({ id, name }) => (
              <option key={id} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </TextField>
        <TextField label={labels.authority}>
          <Select value={wanted.authority} onChange={set('authority')}>
            {authorities.map(({ id, name }) => (
              <option key={id} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </TextField>
        {part === 'listener' && (
          <>
            <TextField label={labels.port}>
              <Input type="number" value={wanted.port} onChange={set('port')} />
            </TextField>
            <TextField label={labels.scheduler}>
              <Select value={wanted.scheduler} onChange={set('scheduler')}>
                <option value="rr">{labels.schedulers.rr}</option>
                <option value="wrr">{labels.schedulers.wrr}</option>
              </Select>
            </TextField>
            <TextField label={labels.tlsPolicy}>
              <Select value={wanted.tlsCipherPolicy} onChange={set('tlsCipherPolicy')}>
                {tlsCipherPolicies.slice(2).map((name) => (
                  <option key={name} value={name}>
                    {text.rollout.policies[name as keyof typeof text.rollout.policies]}
                  </option>
                ))}
              </Select>
            </TextField>
            <TextField label={labels.backendPort}>
              <Input type="number" value={wanted.backendPort} onChange={set('backendPort')} />
            </TextField>
            <TextField label={labels.healthCheck} hint={labels.healthCheckHint}>
              <Input value={wanted.healthUri} onChange={set('healthUri')} />
            </TextField>
          </>
        )}
        <TextField label={labels.backends} hint={labels.backendsHint}>
          <Textarea value={wanted.backends} rows={2} resize="vertical" onChange={set('backends')} />
        </TextField>
      </Columns>
      {!fits && <Quiet>{labels.incomplete}</Quiet>}
      <ProblemBar problem={show.problem} onClose={show.clear} />
      <Actions>
        <Button
          appearance={plan ? 'secondary' : 'primary'}
          disabled={!fits || show.pending || apply.running}
          onClick={async () => setPlan((await show.run(request)) ?? null)}
        >
          {show.pending ? text.common.working : labels.showPlan}
        </Button>
        {plan && (
          <Chip tone={plan.settled ? 'proven' : 'attention'} plain>
            {plan.settled
              ? labels.settled
              : labels.changes(plan.items.filter(({ action }) => action !== 'nothing').length)}
          </Chip>
        )}
        {plan && !plan.settled && (
          <Button
            appearance="primary"
            disabled={apply.running}
            onClick={async () => {
              if (await apply.start(request)) setPlan(null);
            }}
          >
            {part === 'upload' ? labels.upload : labels.apply}
          </Button>
        )}
      </Actions>
      <RolloutProgress of={apply} />
      {plan && (
        <div className={styles.plan}>
          <Quiet>{part === 'upload' ? labels.uploadNote : labels.planNote}</Quiet>
          <RolloutGraph plan={plan} />
          <RolloutPlan plan={plan} />
        </div>
      )}
    </div>
  );
}
