/** Step 3: a certificate for a person or a device. */

import { Button } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import type { CertificateView } from '../../contract/certificate.ts';
import { issueInput } from '../../contract/certificate.ts';
import { useAction, useApi } from '../connection/api.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Actions, BoundInput, BoundSelect, Columns } from './form.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { subjectText } from './subject.ts';

const schema = z.object({
  authority: issueInput.shape.authority,
  commonName: z.string().trim().min(1).max(64),
  email: z.union([z.literal(''), z.email()]),
  organization: z.string().max(64),
  days: z.number().int().min(1).max(3660),
});

export function ClientForm({
  authority,
  onDone,
}: {
  authority: string;
  onDone: (made: CertificateView) => void;
}) {
  const { text } = useSpeech();
  const { query } = useApi();
  const authorities = useQuery(query.authority.list.queryOptions()).data ?? [];
  const { control, handleSubmit } = useForm({
    resolver: zodResolver(schema),
    defaultValues: { authority, commonName: '', email: '', organization: '', days: 365 },
  });
  const issue = useAction((client, { commonName, email, organization, ...rest }: z.output<typeof schema>) =>
    client.certificate.issue({
      ...rest,
      profile: 'client',
      subject: subjectText({ CN: commonName, O: organization }),
      names: email === '' ? [] : [email],
    }),
  );
  const labels = text.certificates;
  return (
    <form
      noValidate
      onSubmit={handleSubmit(async (input) => {
        const made = await issue.run(input);
        if (made) onDone(made);
      })}
    >
      <Columns>
        <BoundInput
          control={control}
          name="commonName"
          label={labels.commonName}
          hint={labels.commonNameHint}
        />
        <BoundInput control={control} name="email" label={labels.email} type="email" />
        <BoundInput control={control} name="organization" label={text.authorities.organization} />
        <BoundInput control={control} name="days" label={labels.days} hint={labels.daysHint} type="number" />
        <BoundSelect
          control={control}
          name="authority"
          label={labels.authority}
          options={authorities.map(({ name }) => [name, name])}
        />
      </Columns>
      <ProblemBar problem={issue.problem} onClose={issue.clear} />
      <Actions>
        <Button appearance="primary" type="submit" disabled={issue.pending}>
          {issue.pending ? text.common.working : labels.issue}
        </Button>
      </Actions>
    </form>
  );
}
