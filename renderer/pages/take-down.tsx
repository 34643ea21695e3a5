/** Taking a rollout down: what stops working and for whom, what is removed and what stays, before anything is done. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RolloutView } from '../../contract/rollout.ts';
import { useApi, useProgress } from '../connection/api.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Aside } from '../parts/page.tsx';
import { RolloutProgress } from '../parts/rollout-progress.tsx';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  part: { margin: '12px 0 0', fontSize: '14px', lineHeight: '20px' },
  title: { fontWeight: tokens.fontWeightSemibold, fontSize: '14px', lineHeight: '20px', margin: '12px 0 0' },
  list: {
    margin: '2px 0 0',
    paddingLeft: '20px',
    fontSize: '14px',
    lineHeight: '20px',
    overflowWrap: 'anywhere',
  },
});

export function TakeDown({ rollout, endpoint }: { rollout: RolloutView; endpoint: string | null }) {
  const { text } = useSpeech();
  const [asking, setAsking] = useState(false);
  const destroy = useProgress((client, name: string, signal) => client.rollout.destroy({ name }, { signal }));
  const labels = text.takeDown;
  return (
    <>
      <Button onClick={() => setAsking(true)}>{labels.start}</Button>
      {asking && (
        <Confirm
          title={labels.title(rollout.name)}
          act={labels.act}
          pending={destroy.running}
          onAct={async () => {
            if (await destroy.start(rollout.name)) setAsking(false);
          }}
          onClose={() => setAsking(false)}
        >
          <Consequences rollout={rollout} endpoint={endpoint} />
          <RolloutProgress of={destroy} />
        </Confirm>
      )}
    </>
  );
}

function Consequences({ rollout, endpoint }: { rollout: RolloutView; endpoint: string | null }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const asked = useQuery(query.rollout.get.queryOptions({ input: { name: rollout.name } })).data;
  const authority = asked?.authority ?? undefined;
  const holders = useQuery(
    query.certificate.list.queryOptions({
      input: {
        profile: 'client',
        state: 'valid',
        limit: 1,
        ...(authority === undefined ? {} : { authority }),
      },
      enabled: authority !== undefined,
    }),
  ).data?.total;
  const hosts = useQuery(query.serverCertificate.list.queryOptions()).data?.find(
    ({ name }) => name === asked?.serverCertificate,
  )?.hosts;
  const labels = text.takeDown;
  const { removed, stays } = useParts(rollout);
  return (
    <>
      <Aside
        tone="danger"
        title={labels.stops(endpoint ?? rollout.resources.loadBalancer?.name ?? rollout.name)}
      >
        {authority === undefined || holders === undefined
          ? labels.everybody
          : labels.forWhom(holders, authority)}
        {hosts !== undefined && hosts.length > 0 && ` ${labels.visitors(hosts.join(', '))}`}
      </Aside>
      {removed.length > 0 && <Part title={labels.removed} of={removed} />}
      {stays.length > 0 && <Part title={labels.stays} of={stays} />}
      <p className={styles.part}>{labels.certificatesStay}</p>
    </>
  );
}

/** Only what this rollout made goes; what it took over stays. */
function useParts({ resources }: RolloutView): {
  readonly removed: readonly string[];
  readonly stays: readonly string[];
} {
  const { text } = useSpeech();
  const labels = text.takeDown;
  const { loadBalancer, listener, serverCertificates, caCertificates, backends } = resources;
  const parts: readonly (readonly [made: boolean, words: string])[] = [
    ...(loadBalancer
      ? [
          [
            loadBalancer.made,
            loadBalancer.made
              ? labels.loadBalancerGoes(loadBalancer.name, loadBalancer.id)
              : labels.loadBalancerStays(loadBalancer.name, loadBalancer.id),
          ] as const,
        ]
      : []),
    ...(listener ? [[listener.made, labels.listener(listener.port)] as const] : []),
    ...(backends.length > 0
      ? [[true, labels.backends(backends.map(({ serverId }) => serverId).join(', '))] as const]
      : []),
    ...[...serverCertificates, ...caCertificates].map(
      ({ name, made }) => [made, labels.uploaded(name)] as const,
    ),
  ];
  return {
    removed: parts.filter(([made]) => made).map(([, words]) => words),
    stays: parts.filter(([made]) => !made).map(([, words]) => words),
  };
}

function Part({ title, of }: { title: string; of: readonly string[] }) {
  const styles = useStyles();
  return (
    <>
      <h3 className={styles.title}>{title}</h3>
      <ul className={styles.list}>
        {of.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </>
  );
}
