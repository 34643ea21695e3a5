/** A backup chosen, what restoring it here would do, and what opens it: in this order, so that nothing comes unseen. */
import { Button, Checkbox, Field, Input, makeStyles, Radio, RadioGroup } from '@fluentui/react-components';
import { useState } from 'react';
import type { RestorePlan } from '../../contract/backup.ts';
import { useAction } from '../connection/api.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Facts } from './facts.tsx';
import { FileField } from './file-field.tsx';
import { Actions, Columns } from './form.tsx';
import { Aside, Quiet } from './page.tsx';
import { ProblemBar } from './problem-bar.tsx';

const useStyles = makeStyles({ plan: { margin: '12px 0 4px', display: 'grid', gap: '12px' } });

interface Looked {
  readonly file: File;
  readonly plan: RestorePlan;
}

/** `primary`: it is what the page is for. `onDone` is told where what was here before stands, if anything was. */
export function RestoreForm({
  primary,
  onDone,
}: {
  primary?: boolean;
  onDone: (setAside: string | null) => void;
}) {
  const { text } = useSpeech();
  const [looked, setLooked] = useState<Looked | null>(null);
  const [slot, setSlot] = useState<'passphrase' | 'recovery-code'>('passphrase');
  const [secret, setSecret] = useState('');
  const [oldSlots, setOldSlots] = useState(false);
  const look = useAction(
    async (client, file: File): Promise<Looked> => ({
      file,
      plan: await client.backup.inspect({ file }),
    }),
  );
  const restore = useAction((client, file: File) =>
    client.backup.restore({
      file,
      credential: slot === 'passphrase' ? { slot, passphrase: secret } : { slot, recoveryCode: secret },
      slots: oldSlots ? 'backup' : 'here',
    }),
  );
  const labels = text.restore;
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        const done = looked && (await restore.run(looked.file));
        if (done) onDone(done.setAside);
      }}
    >
      <FileField
        label={labels.file}
        kind="backup"
        onFiles={async ([file]) => {
          setLooked(null);
          restore.clear();
          if (file) setLooked((await look.run(file)) ?? null);
        }}
      />
      {look.pending && <Quiet>{labels.looking}</Quiet>}
      <ProblemBar problem={look.problem} onClose={look.clear} />
      {looked && (
        <>
          <Plan of={looked.plan} />
          <RadioGroup
            aria-label={text.vault.openBy}
            layout="horizontal"
            value={slot}
            onChange={(_, { value }) => setSlot(value === 'passphrase' ? value : 'recovery-code')}
          >
            <Radio value="passphrase" label={text.vault.kinds.passphrase} />
            <Radio value="recovery-code" label={text.vault.kinds['recovery-code']} />
          </RadioGroup>
          <Columns>
            <Field label={labels.secrets[slot]}>
              <Input
                type={slot === 'passphrase' ? 'password' : 'text'}
                autoComplete="off"
                value={secret}
                onChange={(_, { value }) => setSecret(value)}
              />
            </Field>
          </Columns>
          {looked.plan.reason === 'same-vault' && (
            <Checkbox
              checked={oldSlots}
              onChange={(_, { checked }) => setOldSlots(checked === true)}
              label={labels.oldSlots}
            />
          )}
          <ProblemBar problem={restore.problem} onClose={restore.clear} />
          <Actions>
            <Button
              appearance={primary ? 'primary' : 'secondary'}
              type="submit"
              disabled={restore.pending || secret === ''}
            >
              {restore.pending ? text.common.working : labels.restore}
            </Button>
          </Actions>
        </>
      )}
    </form>
  );
}

function Plan({ of: { mode, backup, present } }: { of: RestorePlan }) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const labels = text.restore;
  return (
    <div role="status" className={styles.plan}>
      <Facts
        of={[
          [labels.made, `${format.time(backup.createdAt)} · ${format.relative(backup.createdAt)}`],
          [labels.holds, labels.contents(backup.authorities, backup.certificates)],
          ...(mode === 'create' || present.certificates === null
            ? []
            : [[labels.here, labels.certificates(present.certificates)] as const]),
        ]}
      />
      <Aside tone={mode === 'replace' ? 'danger' : 'action'} title={labels.modes[mode].title}>
        {labels.modes[mode].detail}
      </Aside>
    </div>
  );
}
