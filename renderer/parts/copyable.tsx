/** Serials, ids and fingerprints: shortened in the middle, copied whole by one click. */
import { makeStyles, Tooltip, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { shell } from '../connection/shell.ts';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  button: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '12px',
    lineHeight: '20px',
    color: tokens.colorNeutralForeground1,
    backgroundColor: 'transparent',
    border: 'none',
    padding: '0 2px',
    margin: 0,
    borderRadius: '4px',
    cursor: 'copy',
    ':hover': { backgroundColor: look.code },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
});

export function Copyable({ value, keep = 4 }: { value: string; keep?: number }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void shell.copy(value).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  const whole = copied ? text.common.copied : value;
  return (
    // Described here: for a description of its own, a tooltip is built for each of a thousand rows that is passed.
    <Tooltip content={whole} relationship="inaccessible" positioning="below">
      <button
        type="button"
        className={styles.button}
        aria-label={`${shortened(value, keep)} · ${text.common.copy}`}
        aria-description={whole}
        onClick={(event) => {
          event.stopPropagation();
          copy();
        }}
      >
        {shortened(value, keep)}
      </button>
    </Tooltip>
  );
}

export function shortened(value: string, keep = 4): string {
  return value.length <= keep * 2 + 3 ? value : `${value.slice(0, keep)}…${value.slice(-keep)}`;
}
