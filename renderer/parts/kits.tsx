/** Kits on their way from core to a file of the person's choice: made with progress, collected once, saved in two halves. */
import { Button, ProgressBar } from '@fluentui/react-components';
import { useState } from 'react';
import type { CollectedKits, KitEvent, KitOrder, PackedKits } from '../../contract/kit.ts';
import { type Progress, useAction, useProgress } from '../connection/api.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Actions } from './form.tsx';
import { Aside, Quiet } from './page.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { saveBlob } from './save-file.ts';

/** Undefined when they were not made; `work` says why. */
export function useKits() {
  const work = useProgress((client, order: KitOrder, signal) => client.kit.pack(order, { signal }));
  const collect = useAction((client, id: string) => client.kit.collect({ id }));
  return {
    work,
    problem: work.problem ?? collect.problem,
    clear: collect.clear,
    async make(order: KitOrder): Promise<CollectedKits | undefined> {
      const packed = await work.start(order);
      return packed && collect.run(packed.id);
    },
  };
}

export function KitProgress({ of }: { of: Progress<KitOrder, KitEvent, PackedKits> }) {
  const { text } = useSpeech();
  const labels = text.kits;
  const last = of.events.findLast((event) => event.type === 'kit');
  if (of.cancelled) return <Aside tone="attention">{labels.stopped}</Aside>;
  if (!of.running) return null;
  return (
    <div role="status">
      <ProgressBar {...(last ? { value: last.done / last.total } : {})} aria-label={labels.making} />
      <Quiet>{last ? labels.progress(last.done, last.total, last.name) : labels.making}</Quiet>
      <Actions>
        <Button onClick={of.cancel}>{text.common.cancel}</Button>
      </Actions>
    </div>
  );
}

/** The two halves, saved apart: whoever has both can come in. */
export function SaveKits({ kits }: { kits: CollectedKits }) {
  const { text } = useSpeech();
  const labels = text.kits;
  const [saved, setSaved] = useState<readonly ('file' | 'passwords')[]>([]);
  const save = useAction(async (_client, half: 'file' | 'passwords') => {
    const name = half === 'file' ? kits.fileName : `${labels.passwords}.html`;
    if (await saveBlob(name, kits[half])) setSaved((before) => [...before, half]);
  });
  const label = (half: 'file' | 'passwords', words: string): string =>
    saved.includes(half) ? `✓ ${words}` : words;
  return (
    <>
      <Aside tone="attention" title={labels.saveBoth}>
        {labels.apart}
      </Aside>
      <ProblemBar problem={save.problem} onClose={save.clear} />
      <Actions>
        <Button
          appearance={saved.includes('file') ? 'secondary' : 'primary'}
          onClick={() => void save.run('file')}
        >
          {label('file', labels.saveFiles)}
        </Button>
        <Button
          appearance={saved.includes('file') && !saved.includes('passwords') ? 'primary' : 'secondary'}
          onClick={() => void save.run('passwords')}
        >
          {label('passwords', labels.savePasswords)}
        </Button>
      </Actions>
    </>
  );
}
