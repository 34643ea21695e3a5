/** An Alibaba Cloud AccessKey; the secret goes into the vault and comes back in no answer. */

import { Button } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { cloudCredentials } from '../../contract/cloud.ts';
import { label } from '../../contract/values.ts';
import { useAction } from '../connection/api.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Actions, BoundInput, Columns } from './form.tsx';
import { ProblemBar } from './problem-bar.tsx';

const schema = z.object({
  name: label,
  accessKeyId: cloudCredentials.shape.accessKeyId,
  accessKeySecret: cloudCredentials.shape.accessKeySecret,
  regionId: z.string().trim().min(1).max(64),
});

export function AccountForm({ onDone }: { onDone: () => void }) {
  const { text } = useSpeech();
  const { control, handleSubmit } = useForm({
    resolver: zodResolver(schema),
    defaultValues: { name: 'default', accessKeyId: '', accessKeySecret: '', regionId: '' },
  });
  const save = useAction((client, input: z.output<typeof schema>) => client.cloud.login(input));
  const labels = text.settings;
  return (
    <form
      noValidate
      onSubmit={handleSubmit(async (input) => {
        if (await save.run(input)) onDone();
      })}
    >
      <Columns>
        <BoundInput control={control} name="name" label={labels.accountName} />
        <BoundInput control={control} name="accessKeyId" label="AccessKey ID" autoComplete="off" />
        <BoundInput
          control={control}
          name="accessKeySecret"
          label="AccessKey Secret"
          type="password"
          autoComplete="off"
        />
        <BoundInput control={control} name="regionId" label={text.practice.region} hint={labels.regionHint} />
      </Columns>
      <ProblemBar problem={save.problem} onClose={save.clear} />
      <Actions>
        <Button appearance="primary" type="submit" disabled={save.pending}>
          {labels.saveAccount}
        </Button>
      </Actions>
    </form>
  );
}
