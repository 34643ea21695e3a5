/** The old way stays visible: the commands that a step stands for. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { shell } from '../connection/shell.ts';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  details: { marginTop: '16px' },
  summary: {
    cursor: 'pointer',
    color: look.quietText,
    fontSize: '14px',
    lineHeight: '20px',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '12px',
    lineHeight: '19px',
    backgroundColor: look.code,
    border: `1px solid ${look.hairline}`,
    borderRadius: '4px',
    padding: '10px 12px',
    margin: '6px 0',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
});

export function Commands({ lines }: { lines: readonly string[] }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const [copied, setCopied] = useState(false);
  if (lines.length === 0) return null;
  return (
    <details className={styles.details}>
      <summary className={styles.summary}>{text.guide.commands}</summary>
      <pre className={styles.code}>{lines.map((line) => line.replaceAll(' --', ' \\\n  --')).join('\n')}</pre>
      <Button
        size="small"
        appearance="subtle"
        onClick={() => void shell.copy(lines.join('\n')).then(() => setCopied(true))}
      >
        {copied ? text.common.copied : text.common.copy}
      </Button>
    </details>
  );
}
