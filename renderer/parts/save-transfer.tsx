/** A transfer file on its way out: by the dialog, with the digest that the other machine will show. */
import { Button, type ButtonProps, makeStyles } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import { useAction } from '../connection/api.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Facts } from './facts.tsx';
import { Fingerprint } from './fingerprint.tsx';
import { Actions } from './form.tsx';
import { Aside } from './page.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { saveBlob } from './save-file.ts';

const useStyles = makeStyles({ saved: { marginTop: '12px' } });

interface Saved {
  readonly fileName: string;
  readonly digest: string;
}

/** Whose file it is, core decides by where the CA's key is. */
export function SaveTransfer(props: {
  authority: string;
  words: string;
  appearance?: ButtonProps['appearance'];
  /** Other buttons beside it. */
  children?: ReactNode;
}) {
  const { text } = useSpeech();
  const styles = useStyles();
  const [saved, setSaved] = useState<Saved | null>(null);
  const save = useAction(async (client) => {
    setSaved(null);
    const { fileName, file, digest } = await client.transfer.export({ authority: props.authority });
    if (await saveBlob(fileName, file)) setSaved({ fileName, digest });
  });
  const labels = text.transfer;
  return (
    <>
      <ProblemBar problem={save.problem} onClose={save.clear} />
      <Actions>
        <Button
          appearance={props.appearance ?? 'secondary'}
          disabled={save.pending}
          onClick={() => void save.run(undefined)}
        >
          {save.pending ? text.common.working : props.words}
        </Button>
        {props.children}
      </Actions>
      {saved && (
        <div role="status" className={styles.saved}>
          <Aside tone="action" title={labels.saved(saved.fileName)}>
            {labels.compareDigest}
            <Facts of={[[labels.digest, <Fingerprint key="digest" value={saved.digest} />]]} />
          </Aside>
        </div>
      )}
    </>
  );
}
