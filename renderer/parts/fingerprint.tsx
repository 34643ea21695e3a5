/** A fingerprint in full, in fours: to be read from one machine to the other. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { shell } from '../connection/shell.ts';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  whole: { display: 'flex', gap: '6px 8px', alignItems: 'flex-start', flexWrap: 'wrap' },
  value: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '13px',
    lineHeight: '20px',
    // Eight groups of four in a line.
    maxWidth: '39ch',
    userSelect: 'all',
  },
});

export function Fingerprint({ value }: { value: string }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const [copied, setCopied] = useState(false);
  return (
    <span className={styles.whole}>
      <span className={styles.value} data-fingerprint={value}>
        {value.replaceAll(/.{4}(?=.)/g, '$& ')}
      </span>
      <Button size="small" onClick={() => void shell.copy(value).then(() => setCopied(true))}>
        {copied ? text.common.copied : text.common.copy}
      </Button>
    </span>
  );
}
