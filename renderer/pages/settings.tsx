/** How Warifu looks and speaks, what opens the vault, which clouds it knows. */
import { Button, Field, Input, makeStyles, Radio, RadioGroup, Select } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { languages } from '../../contract/problems/define.ts';
import { themeChoice } from '../../contract/settings.ts';
import { useAction, useApi } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { AccountForm } from '../parts/account-form.tsx';
import { Actions, Columns } from '../parts/form.tsx';
import { Aside, Card, Chip, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { RecoveryCode } from '../parts/recovery-code.tsx';
import { RestoreForm } from '../parts/restore-form.tsx';
import { saveBlob } from '../parts/save-file.ts';
import { languageNames, useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  cards: { display: 'grid', gap: '14px' },
  list: { listStyleType: 'none', margin: '0 0 8px', padding: 0 },
  row: {
    display: 'flex',
    gap: '12px',
    alignItems: 'center',
    flexWrap: 'wrap',
    padding: '8px 0',
    borderTop: `1px solid ${look.hairline}`,
    ':first-child': { borderTopWidth: 0 },
    fontSize: '14px',
  },
  grow: { flexGrow: 1, overflowWrap: 'anywhere' },
});

export function Settings() {
  const { text } = useSpeech();
  const styles = useStyles();
  return (
    <Page title={text.pages.settings}>
      <div className={styles.cards}>
        <Appearance />
        <VaultSlots />
        <ChangePassphrase />
        <Backup />
        <Restore />
        <Accounts />
      </div>
    </Page>
  );
}

function Appearance() {
  const { text, language } = useSpeech();
  const { query } = useApi();
  const theme = useQuery(query.settings.get.queryOptions()).data?.theme ?? 'system';
  const save = useAction(
    (client, chosen: { readonly theme?: typeof theme; readonly language?: (typeof languages)[number] }) =>
      client.settings.set(chosen),
  );
  const labels = text.settings;
  return (
    <Card title={labels.appearance}>
      <Columns>
        <Field label={text.shell.language}>
          <RadioGroup
            value={language}
            onChange={(_, { value }) =>
              void save.run({ language: languages.find((name) => name === value)! })
            }
          >
            {languages.map((name) => (
              <Radio key={name} value={name} label={{ children: languageNames[name], lang: name }} />
            ))}
          </RadioGroup>
        </Field>
        <Field label={labels.theme}>
          <RadioGroup
            value={theme}
            onChange={(_, { value }) => void save.run({ theme: themeChoice.parse(value) })}
          >
            {themeChoice.options.map((name) => (
              <Radio key={name} value={name} label={labels.themes[name]} />
            ))}
          </RadioGroup>
        </Field>
      </Columns>
      <ProblemBar problem={save.problem} onClose={save.clear} />
    </Card>
  );
}

function VaultSlots() {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const [code, setCode] = useState<string | null>(null);
  const status = useQuery(query.vault.status.queryOptions()).data;
  const slots = status?.slots ?? [];
  const setIdle = useAction((client, minutes: number) => client.vault.setIdleMinutes({ minutes }));
  const addKeychain = useAction((client) => client.vault.addKeychain());
  const remove = useAction((client, id: string) => client.vault.removeSlot({ id }));
  const renew = useAction((client) => client.vault.renewRecoveryCode());
  const labels = text.settings;
  return (
    <Card title={labels.slots}>
      <Columns>
        <Field label={labels.idle}>
          <Select
            value={String(status?.idleMinutes ?? 0)}
            onChange={(_, { value }) => void setIdle.run(Number(value))}
          >
            {[...new Set([0, 5, 10, 30, 60, status?.idleMinutes ?? 0])]
              .sort((a, b) => a - b)
              .map((minutes) => (
                <option key={minutes} value={minutes}>
                  {labels.idleMinutes(minutes)}
                </option>
              ))}
          </Select>
        </Field>
      </Columns>
      <Quiet>{labels.slotsNote}</Quiet>
      <ul className={styles.list}>
        {slots.map(({ id, kind, createdAt }) => (
          <li key={id} className={styles.row}>
            <span className={styles.grow}>
              {text.vault.kinds[kind]} · {format.date(createdAt)}
            </span>
            {kind === 'keychain' && (
              <Button size="small" disabled={remove.pending} onClick={() => void remove.run(id)}>
                {labels.removeSlot}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ProblemBar problem={setIdle.problem ?? addKeychain.problem ?? remove.problem ?? renew.problem} />
      {code !== null ? (
        <RecoveryCode code={code} onDone={() => setCode(null)} />
      ) : (
        <Actions>
          <Button
            disabled={renew.pending}
            onClick={async () => setCode((await renew.run(undefined))?.recoveryCode ?? null)}
          >
            {labels.renewRecovery}
          </Button>
          {!slots.some(({ kind }) => kind === 'keychain') && (
            <Button disabled={addKeychain.pending} onClick={() => void addKeychain.run(undefined)}>
              {labels.addKeychain}
            </Button>
          )}
        </Actions>
      )}
    </Card>
  );
}

function ChangePassphrase() {
  const { text } = useSpeech();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [done, setDone] = useState(false);
  const change = useAction((client) => client.vault.changePassphrase({ current, next }));
  const labels = text.settings;
  const differ = again !== '' && next !== again;
  return (
    <Card title={labels.changePassphrase}>
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          if (!(await change.run(undefined))) return;
          setDone(true);
          setCurrent('');
          setNext('');
          setAgain('');
        }}
      >
        <Columns>
          <Field label={labels.currentPassphrase}>
            <Input
              type="password"
              autoComplete="off"
              value={current}
              onChange={(_, { value }) => setCurrent(value)}
            />
          </Field>
          <Field label={labels.newPassphrase} hint={text.firstRun.passphraseHint}>
            <Input
              type="password"
              autoComplete="new-password"
              value={next}
              onChange={(_, { value }) => setNext(value)}
            />
          </Field>
          <Field
            label={text.firstRun.again}
            {...(differ
              ? { validationState: 'error' as const, validationMessage: text.firstRun.differ }
              : {})}
          >
            <Input
              type="password"
              autoComplete="new-password"
              value={again}
              onChange={(_, { value }) => setAgain(value)}
            />
          </Field>
        </Columns>
        <ProblemBar problem={change.problem} onClose={change.clear} />
        <Actions>
          <Button type="submit" disabled={change.pending || current === '' || next === '' || next !== again}>
            {labels.changePassphrase}
          </Button>
          {done && (
            <span role="status">
              <Chip tone="proven">{labels.passphraseChanged}</Chip>
            </span>
          )}
        </Actions>
      </form>
    </Card>
  );
}

function Backup() {
  const { text, format } = useSpeech();
  const { query } = useApi();
  const status = useQuery(query.backup.status.queryOptions()).data;
  const make = useAction(async (client) => {
    const { fileName, file, summary } = await client.backup.create();
    if (await saveBlob(fileName, file)) await client.backup.confirmSaved({ digest: summary.digest });
  });
  const labels = text.settings;
  return (
    <Card title={labels.backup}>
      <Quiet>{labels.backupNote}</Quiet>
      {status && (
        <Quiet>
          {status.lastAt === null
            ? labels.backupNever
            : labels.backupLast(format.relative(status.lastAt), status.changes)}
        </Quiet>
      )}
      <ProblemBar problem={make.problem} onClose={make.clear} />
      <Actions>
        <Button disabled={make.pending} onClick={() => void make.run(undefined)}>
          {make.pending ? text.common.working : labels.backupMake}
        </Button>
      </Actions>
    </Card>
  );
}

function Restore() {
  const { text } = useSpeech();
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState<{ readonly setAside: string | null } | null>(null);
  return (
    <Card title={text.firstRun.restoreTitle}>
      {asked ? (
        <RestoreForm
          onDone={(setAside) => {
            setDone({ setAside });
            setAsked(false);
          }}
        />
      ) : (
        <>
          <Quiet>{text.restore.planFirst}</Quiet>
          {done && (
            <div role="status">
              <Aside tone="action" title={text.restore.done}>
                {done.setAside !== null && text.restore.setAside(done.setAside)}
              </Aside>
            </div>
          )}
          <Actions>
            <Button onClick={() => setAsked(true)}>{text.restore.start}</Button>
          </Actions>
        </>
      )}
    </Card>
  );
}

function Accounts() {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const [adding, setAdding] = useState(false);
  const [works, setWorks] = useState<string | null>(null);
  const accounts = useQuery(query.cloud.accounts.queryOptions()).data ?? [];
  const remove = useAction((client, name: string) => client.cloud.logout({ name }));
  const check = useAction(async (client, account: string) => {
    await client.cloud.regions({ account });
    setWorks(account);
  });
  const labels = text.settings;
  return (
    <Card title={labels.accounts}>
      {accounts.length === 0 && <Quiet>{labels.noAccounts}</Quiet>}
      <ul className={styles.list}>
        {accounts.map(({ name, accessKeyId, regionId, practice }) => (
          <li key={name} className={styles.row}>
            <span className={styles.grow}>
              {name} · {regionId} · {accessKeyId}
            </span>
            {practice && <Chip tone="attention">{text.pages.practice}</Chip>}
            {works === name && <Chip tone="proven">{labels.keyWorks}</Chip>}
            <Button size="small" disabled={check.pending} onClick={() => void check.run(name)}>
              {labels.checkKey}
            </Button>
            <Button size="small" disabled={remove.pending} onClick={() => void remove.run(name)}>
              {labels.removeAccount}
            </Button>
          </li>
        ))}
      </ul>
      <ProblemBar problem={remove.problem ?? check.problem} />
      {adding ? (
        <AccountForm onDone={() => setAdding(false)} />
      ) : (
        <Actions>
          <Button onClick={() => setAdding(true)}>{labels.addAccount}</Button>
        </Actions>
      )}
      <Aside tone="action">{labels.accountsNote}</Aside>
    </Card>
  );
}
