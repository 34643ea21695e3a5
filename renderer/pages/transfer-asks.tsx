/** On the connected machine: a wish to a CA whose key is elsewhere. It waits here until it is carried there. */
import { Button, Input, makeStyles } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { type AuthorityView, revocationReason } from '../../contract/authority.ts';
import { issueInput } from '../../contract/certificate.ts';
import { keyAlgorithm } from '../../contract/values.ts';
import { useAction, useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { look } from '../look/theme.ts';
import { shortened } from '../parts/copyable.tsx';
import { Actions, BoundInput, BoundSelect, Choice, Columns, TextField } from '../parts/form.tsx';
import { Aside, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { listOf, subjectText } from '../parts/subject.ts';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';

const schema = z.object({
  authority: issueInput.shape.authority,
  profile: z.enum(['client', 'server']),
  commonName: z.string().trim().min(1).max(64),
  names: z.string().max(2000),
  organization: z.string().max(64),
  days: z.number().int().min(1).max(3660),
  keyAlgorithm,
});

interface Asking {
  /** CAs that can be asked. */
  readonly authorities: readonly AuthorityView[];
}

export function AskForCertificate({ authorities }: Asking) {
  const { text } = useSpeech();
  const defaultValues: z.input<typeof schema> = {
    authority: authorities[0]?.name ?? '',
    profile: 'client',
    commonName: '',
    names: '',
    organization: '',
    days: 365,
    keyAlgorithm: 'rsa-2048',
  };
  const { control, handleSubmit } = useForm({ resolver: zodResolver(schema), defaultValues });
  const ask = useAction((client, { commonName, organization, names, ...rest }: z.output<typeof schema>) =>
    client.transfer.requestCertificate({
      ...rest,
      subject: subjectText({ CN: commonName, O: organization }),
      names: listOf(names),
    }),
  );
  const labels = text.transfer;
  return (
    <form
      noValidate
      onSubmit={handleSubmit(async (input) => {
        if (await ask.run(input)) go('transfer');
      })}
    >
      <Columns>
        <BoundInput
          control={control}
          name="commonName"
          label={text.certificates.commonName}
          hint={text.certificates.commonNameHint}
        />
        <BoundInput control={control} name="names" label={labels.names} hint={labels.namesHint} />
        <BoundInput control={control} name="organization" label={text.authorities.organization} />
        <BoundSelect
          control={control}
          name="profile"
          label={labels.purpose}
          options={[
            ['client', labels.profiles.client],
            ['server', labels.profiles.server],
          ]}
        />
        <BoundInput
          control={control}
          name="days"
          label={text.certificates.days}
          hint={text.certificates.daysHint}
          type="number"
        />
        <BoundSelect
          control={control}
          name="keyAlgorithm"
          label={text.authorities.key}
          options={keyAlgorithm.options.map((name) => [name, text.keys[name]])}
        />
        <BoundSelect
          control={control}
          name="authority"
          label={text.certificates.authority}
          options={authorities.map(({ name }) => [name, name])}
        />
      </Columns>
      <ProblemBar problem={ask.problem} onClose={ask.clear} />
      <Actions>
        <Button appearance="primary" type="submit" disabled={ask.pending}>
          {ask.pending ? text.common.working : labels.putDown}
        </Button>
        <Button onClick={() => go('transfer')}>{text.common.cancel}</Button>
      </Actions>
    </form>
  );
}

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: '0 0 12px', padding: 0, fontSize: '14px', lineHeight: '20px' },
  row: {
    display: 'flex',
    gap: '12px',
    alignItems: 'center',
    padding: '6px 0',
    borderTop: `1px solid ${look.hairline}`,
  },
  name: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  quiet: { color: look.quietText },
  gap: { margin: '12px 0' },
});

/** How many matches are offered; more words narrow them. */
const offered = 8;

export function AskForRevocation({ authorities }: Asking) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const [authority, setAuthority] = useState(authorities[0]?.name ?? '');
  const [words, setWords] = useState('');
  const [reason, setReason] = useState<(typeof revocationReason.options)[number]>('unspecified');
  const search = useDeferredValue(words.trim());
  const found = useQuery(
    query.certificate.list.queryOptions({
      input: { authority, state: 'valid', limit: offered, ...(search === '' ? {} : { search }) },
    }),
  );
  const ask = useAction((client, certificate: string) =>
    client.transfer.requestRevocation({ certificate, reason }),
  );
  const labels = text.transfer;
  const { items = [], total = 0 } = found.data ?? {};
  const choices = items.filter(({ profile }) => profile === 'client' || profile === 'server');
  return (
    <>
      <Aside tone="attention" title={text.certificates.revokeTruth}>
        {text.certificates.revokeTruthDetail}
      </Aside>
      <Columns>
        <TextField label={text.certificates.search}>
          <Input value={words} onChange={(_, { value }) => setWords(value)} />
        </TextField>
        <Choice
          label={text.certificates.reason}
          value={reason}
          options={revocationReason.options.map((name) => [name, text.certificates.reasons[name]])}
          onChange={setReason}
        />
        <Choice
          label={text.certificates.authority}
          value={authority}
          options={authorities.map(({ name }) => [name, name])}
          onChange={setAuthority}
        />
      </Columns>
      <ProblemBar problem={found.error ? problemOf(found.error) : ask.problem} />
      {found.data && choices.length === 0 && <Quiet>{labels.noneToRevoke}</Quiet>}
      <ul className={styles.list} aria-label={text.pages.certificates}>
        {choices.map(({ id, commonName, subject, serial, notAfter }) => (
          <li key={id} className={styles.row}>
            <span className={styles.name}>
              {commonName || subject}
              <span className={styles.quiet}>
                {` · ${shortened(serial)} · ${text.certificates.ends} ${format.date(notAfter)}`}
              </span>
            </span>
            <Button
              size="small"
              disabled={ask.pending}
              aria-label={`${labels.askThis} · ${commonName || subject}`}
              onClick={async () => {
                if (await ask.run(id)) go('transfer');
              }}
            >
              {labels.askThis}
            </Button>
          </li>
        ))}
      </ul>
      {total > offered && <Quiet className={styles.gap}>{labels.narrow(total)}</Quiet>}
      <Actions>
        <Button onClick={() => go('transfer')}>{text.common.cancel}</Button>
      </Actions>
    </>
  );
}
