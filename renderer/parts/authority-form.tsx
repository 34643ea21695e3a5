/** Step 2: a certificate authority, with the defaults that the tutorial should have had. */

import { Button } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import type { AuthorityView } from '../../contract/authority.ts';
import { createAuthorityInput } from '../../contract/authority.ts';
import { keyAlgorithm } from '../../contract/values.ts';
import { useAction } from '../connection/api.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Actions, BoundInput, BoundSelect, Columns } from './form.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { subjectText } from './subject.ts';

const schema = createAuthorityInput.omit({ subject: true }).extend({
  organization: z.string().max(64),
  country: z.string().regex(/^([A-Z]{2})?$/),
});

export function AuthorityForm({ onDone }: { onDone: (made: AuthorityView) => void }) {
  const { text } = useSpeech();
  const { control, handleSubmit } = useForm({
    resolver: zodResolver(schema),
    defaultValues: {
      name: 'Client CA',
      organization: '',
      country: '',
      keyAlgorithm: 'rsa-4096' as const,
      years: 10,
      crlDays: 30,
    },
  });
  const create = useAction((client, input: z.output<typeof schema>) => {
    const { organization, country, ...rest } = input;
    return client.authority.create({
      ...rest,
      subject: subjectText({ CN: input.name, O: organization, C: country }),
    });
  });
  const labels = text.authorities;
  return (
    <form
      noValidate
      onSubmit={handleSubmit(async (input) => {
        const made = await create.run(input);
        if (made) onDone(made);
      })}
    >
      <Columns>
        <BoundInput control={control} name="name" label={labels.name} />
        <BoundInput control={control} name="organization" label={labels.organization} />
        <BoundInput
          control={control}
          name="country"
          label={labels.country}
          hint={labels.countryHint}
          maxLength={2}
        />
        <BoundSelect
          control={control}
          name="keyAlgorithm"
          label={labels.key}
          hint={labels.keyHint}
          options={keyAlgorithm.options.map((name) => [name, text.keys[name]])}
        />
        <BoundInput control={control} name="years" label={labels.years} type="number" />
        <BoundInput control={control} name="crlDays" label={labels.crlDays} type="number" />
      </Columns>
      <ProblemBar problem={create.problem} onClose={create.clear} />
      <Actions>
        <Button appearance="primary" type="submit" disabled={create.pending}>
          {create.pending ? text.common.working : labels.create}
        </Button>
      </Actions>
    </form>
  );
}
