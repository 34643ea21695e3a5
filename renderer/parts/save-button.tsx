/** Saves a file, and says whether it did: a button, a tick, or what stood in the way. */
import { Button, type ButtonProps } from '@fluentui/react-components';
import { useState } from 'react';
import type { WarifuClient } from '../../contract/contract.ts';
import { useAction } from '../connection/api.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Chip } from './page.tsx';
import { ProblemBar } from './problem-bar.tsx';

/** `save`: false when the person would rather not; then nothing is said. */
export function SaveButton({
  label,
  save,
  size = 'medium',
}: {
  label: string;
  save: (client: WarifuClient) => Promise<boolean>;
  size?: NonNullable<ButtonProps['size']>;
}) {
  const { text } = useSpeech();
  const [saved, setSaved] = useState(false);
  const work = useAction(async (client) => {
    setSaved(false);
    setSaved(await save(client));
  });
  return (
    <>
      <Button size={size} disabled={work.pending} onClick={() => void work.run(undefined)}>
        {label}
      </Button>
      {saved && (
        <span role="status">
          <Chip tone="proven">{text.common.saved}</Chip>
        </span>
      )}
      <ProblemBar problem={work.problem} onClose={work.clear} />
    </>
  );
}
