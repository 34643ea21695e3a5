/** The recovery code, shown once. It must be typed back: what was not written down is noticed now, not in ten years. */
import { Button, Input, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';
import { Actions, TextField } from './form.tsx';
import { Quiet } from './page.tsx';
import { SaveButton } from './save-button.tsx';
import { saveText } from './save-file.ts';

const useStyles = makeStyles({
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '18px',
    lineHeight: '28px',
    letterSpacing: '0.04em',
    padding: '12px 16px',
    margin: '12px 0',
    backgroundColor: look.code,
    border: `1px solid ${look.hairline}`,
    borderRadius: '4px',
    overflowWrap: 'anywhere',
    userSelect: 'all',
  },
});

const bare = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '');

export function RecoveryCode({ code, onDone }: { code: string; onDone: () => void }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const [noted, setNoted] = useState(false);
  const [typed, setTyped] = useState('');
  const labels = text.firstRun;
  const same = bare(typed) === bare(code);
  if (!noted)
    return (
      <div>
        <Quiet>{labels.recoveryNote}</Quiet>
        <div className={styles.code} data-recovery-code>
          {code}
        </div>
        <Actions>
          <Button appearance="primary" onClick={() => setNoted(true)}>
            {labels.noted}
          </Button>
          <Button onClick={() => print()}>{labels.print}</Button>
          <SaveButton
            label={labels.saveCode}
            save={() => saveText('warifu-recovery-code.txt', `${code}\n`)}
          />
        </Actions>
      </div>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (same) onDone();
      }}
    >
      <TextField label={labels.typeBack} hint={labels.typeBackHint}>
        <Input autoFocus autoComplete="off" value={typed} onChange={(_, { value }) => setTyped(value)} />
      </TextField>
      <Actions>
        <Button appearance="primary" type="submit" disabled={!same}>
          {labels.finish}
        </Button>
        <Button onClick={() => setNoted(false)}>{labels.showAgain}</Button>
      </Actions>
    </form>
  );
}
