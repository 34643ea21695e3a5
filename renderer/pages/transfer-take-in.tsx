/** A transfer file from the other machine: looked into first, taken in when the person agrees. */
import { Button, Input, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';
import type { AuthorityView } from '../../contract/authority.ts';
import type { TransferView } from '../../contract/transfer.ts';
import { useAction } from '../connection/api.tsx';
import { Facts } from '../parts/facts.tsx';
import { FileField } from '../parts/file-field.tsx';
import { Fingerprint } from '../parts/fingerprint.tsx';
import { Actions, Columns, TextField } from '../parts/form.tsx';
import { Aside, Card, Chip, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';
import { Requests } from './transfer-requests.tsx';

const useStyles = makeStyles({ gap: { margin: '12px 0' } });

interface Looked {
  readonly file: File;
  readonly view: TransferView;
}

export function TakeIn({ authorities }: { authorities: readonly AuthorityView[] }) {
  const { text } = useSpeech();
  const [looked, setLooked] = useState<Looked | null>(null);
  const inspect = useAction(
    async (client, file: File): Promise<Looked> => ({ file, view: await client.transfer.inspect({ file }) }),
  );
  const labels = text.transfer;
  return (
    <Card title={labels.takeIn}>
      <FileField
        label={labels.file}
        hint={labels.fileHint}
        kind="transfer"
        onFiles={async ([file]) => {
          setLooked(null);
          if (file) setLooked((await inspect.run(file)) ?? null);
        }}
      />
      {inspect.pending && (
        <div role="status">
          <Quiet>{text.common.working}</Quiet>
        </div>
      )}
      <ProblemBar problem={inspect.problem} onClose={inspect.clear} />
      {looked?.view.kind === 'authority' && <FromAuthority key={looked.view.digest} {...looked} />}
      {looked?.view.kind === 'requests' && (
        <Requests
          key={looked.view.digest}
          {...looked}
          authority={authorities.find(({ fingerprint }) => fingerprint === looked.view.authority.fingerprint)}
        />
      )}
    </Card>
  );
}

/** On the connected machine: what the CA's machine sent, and what it would change here. */
function FromAuthority({ file, view }: Looked) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const [fingerprint, setFingerprint] = useState('');
  const [done, setDone] = useState(false);
  const take = useAction(async (client) => {
    await client.transfer.import({ file, ...(fingerprint.trim() === '' ? {} : { fingerprint }) });
    setDone(true);
  });
  const labels = text.transfer;
  const { authority, crl } = view;
  const isNew = authority.state === 'new';
  const number = (value: number | null): string => (value === null ? text.plan.none : format.number(value));
  const older = crl.here !== null && crl.there !== null && crl.there < crl.here;
  const changes =
    isNew ||
    view.certificates + view.revocations + view.answers > 0 ||
    (crl.there ?? 0) > (crl.here ?? 0) ||
    view.rollouts.some(({ state }) => state === 'new');
  if (done)
    return (
      <div role="status" className={styles.gap}>
        <Chip tone="proven">{labels.takenIn(authority.name)}</Chip>
        <Quiet className={styles.gap}>
          {labels.tookIn(view.certificates, view.revocations, view.answers)}
        </Quiet>
        <Actions>
          <Button onClick={() => go('certificates')}>{text.pages.certificates}</Button>
        </Actions>
      </div>
    );
  return (
    <section className={styles.gap} aria-label={labels.inFile}>
      <Facts
        of={[
          [labels.from, labels.fromAuthority(authority.name)],
          [labels.subject, authority.subject],
          [labels.madeAt, format.time(view.createdAt)],
          [labels.digest, <Fingerprint key="digest" value={view.digest} />],
          [labels.newCertificates, format.number(view.certificates)],
          [labels.newRevocations, format.number(view.revocations)],
          [labels.crlNumber, labels.crlMoves(number(crl.here), number(crl.there))],
          [labels.answers, format.number(view.answers)],
          ...view.rollouts.map(
            ({ name, state }) => [labels.rollout, `${name} · ${labels.rolloutStates[state]}`] as const,
          ),
        ]}
      />
      {older && (
        <div className={styles.gap}>
          <Aside tone="attention" title={labels.older}>
            {labels.olderNote}
          </Aside>
        </div>
      )}
      {isNew ? (
        <div className={styles.gap}>
          <Aside tone="attention" title={labels.newAuthority(authority.name)}>
            {labels.newAuthorityNote}
          </Aside>
          <Columns>
            <TextField label={labels.confirmFingerprint} hint={labels.confirmHint} wide>
              <Input
                value={fingerprint}
                autoComplete="off"
                spellCheck={false}
                onChange={(_, { value }) => setFingerprint(value)}
              />
            </TextField>
          </Columns>
        </div>
      ) : (
        <Quiet className={styles.gap}>{changes ? labels.signedByKnown : labels.nothingNew}</Quiet>
      )}
      <ProblemBar problem={take.problem} onClose={take.clear} />
      <Actions>
        <Button
          appearance="primary"
          disabled={take.pending || !changes || (isNew && fingerprint.trim() === '')}
          onClick={() => void take.run(undefined)}
        >
          {take.pending ? text.common.working : labels.receive}
        </Button>
      </Actions>
    </section>
  );
}
