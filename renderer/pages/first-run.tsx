/** The first minutes: rehearse or be serious, a passphrase, a recovery code that was really written down. */
import { Button, Checkbox, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useAction } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { AccountForm } from '../parts/account-form.tsx';
import { Actions, Columns } from '../parts/form.tsx';
import { Card, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { RecoveryCode } from '../parts/recovery-code.tsx';
import { RestoreForm } from '../parts/restore-form.tsx';
import { go } from '../shell/route.ts';
import { LanguageMenu } from '../shell/title-bar.tsx';
import { useSpeech } from '../speech/speech.tsx';

type Goal = 'practice' | 'cloud' | 'restore';

const useStyles = makeStyles({
  choices: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(260px, 1fr))',
    gap: '14px',
  },
  choice: {
    textAlign: 'left',
    backgroundColor: look.card,
    color: tokens.colorNeutralForeground1,
    border: `1px solid ${look.hairline}`,
    borderRadius: '8px',
    padding: '20px',
    font: 'inherit',
    cursor: 'pointer',
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'flex-start',
    ':hover': {
      borderTopColor: look.chart,
      borderRightColor: look.chart,
      borderBottomColor: look.chart,
      borderLeftColor: look.chart,
    },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '2px' },
  },
  choiceTitle: {
    fontSize: '16px',
    lineHeight: '22px',
    fontWeight: tokens.fontWeightSemibold,
    display: 'block',
    marginBottom: '4px',
  },
  choiceNote: { color: look.quietText, fontSize: '14px', lineHeight: '20px' },
});

/** `onDone` after everything is settled. */
export function FirstRun({ onDone }: { onDone: () => void }) {
  const { text } = useSpeech();
  const [goal, setGoal] = useState<Goal | null>(null);
  const [code, setCode] = useState<string | null>(null);
  const [stage, setStage] = useState<'vault' | 'code' | 'account'>('vault');
  const start = useAction((client) => client.practice.start({ port: 0 }));
  const finish = (): void => {
    go('guide');
    onDone();
  };
  const labels = text.firstRun;
  if (goal === null)
    return (
      <Page title={labels.title} subtitle={labels.subtitle} actions={<LanguageMenu />}>
        <Choices onChoose={setGoal} />
      </Page>
    );
  if (goal === 'restore')
    return (
      <Page key="restore" title={labels.restoreTitle} subtitle={labels.restoreNote}>
        <Card>
          <RestoreForm
            primary
            onDone={() => {
              go('home');
              onDone();
            }}
          />
          <Actions>
            <Button appearance="subtle" onClick={() => setGoal(null)}>
              {text.restore.back}
            </Button>
          </Actions>
        </Card>
      </Page>
    );
  if (stage === 'vault')
    return (
      <Page key="vault" title={labels.vaultTitle} subtitle={labels.vaultNote}>
        <Card>
          <MakeVault
            onMade={(made) => {
              setCode(made);
              setStage('code');
            }}
          />
        </Card>
      </Page>
    );
  if (stage === 'code')
    return (
      <Page key="code" title={labels.recoveryTitle}>
        <Card>
          <ProblemBar problem={start.problem} />
          <RecoveryCode
            code={code ?? ''}
            onDone={async () => {
              if (goal === 'cloud') setStage('account');
              else if (await start.run(undefined)) finish();
            }}
          />
        </Card>
      </Page>
    );
  return (
    <Page key="account" title={labels.accountTitle} subtitle={labels.accountNote}>
      <Card>
        <AccountForm onDone={finish} />
        <Actions>
          <Button onClick={finish}>{labels.later}</Button>
        </Actions>
      </Card>
    </Page>
  );
}

function Choices({ onChoose }: { onChoose: (goal: Goal) => void }) {
  const { text } = useSpeech();
  const styles = useStyles();
  return (
    <div className={styles.choices}>
      {(['practice', 'cloud'] as const).map((goal) => (
        <button key={goal} type="button" className={styles.choice} onClick={() => onChoose(goal)}>
          <span className={styles.choiceTitle}>{text.firstRun.goals[goal].title}</span>
          <span className={styles.choiceNote}>{text.firstRun.goals[goal].note}</span>
        </button>
      ))}
      <button type="button" className={styles.choice} onClick={() => onChoose('restore')}>
        <span className={styles.choiceTitle}>{text.firstRun.restoreTitle}</span>
        <span className={styles.choiceNote}>{text.firstRun.restoreNote}</span>
      </button>
    </div>
  );
}

function MakeVault({ onMade }: { onMade: (recoveryCode: string) => void }) {
  const { text } = useSpeech();
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [keychain, setKeychain] = useState(false);
  const make = useAction((client) => client.vault.initialize({ passphrase, keychain }));
  const labels = text.firstRun;
  const differ = again !== '' && again !== passphrase;
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        const made = await make.run(undefined);
        if (made) onMade(made.recoveryCode);
      }}
    >
      <Columns>
        <Field label={text.vault.kinds.passphrase} hint={labels.passphraseHint}>
          <Input
            autoFocus
            type="password"
            autoComplete="new-password"
            value={passphrase}
            onChange={(_, { value }) => setPassphrase(value)}
          />
        </Field>
        <Field
          label={labels.again}
          {...(differ ? { validationState: 'error' as const, validationMessage: labels.differ } : {})}
        >
          <Input
            type="password"
            autoComplete="new-password"
            value={again}
            onChange={(_, { value }) => setAgain(value)}
          />
        </Field>
      </Columns>
      <Checkbox
        checked={keychain}
        onChange={(_, { checked }) => setKeychain(checked === true)}
        label={labels.keychain}
      />
      <Quiet>{labels.vaultTruth}</Quiet>
      <ProblemBar problem={make.problem} onClose={make.clear} />
      <Actions>
        <Button
          appearance="primary"
          type="submit"
          disabled={make.pending || passphrase === '' || passphrase !== again}
        >
          {make.pending ? text.common.working : labels.makeVault}
        </Button>
      </Actions>
    </form>
  );
}
