/** The password of a file that was just saved: shown once, kept nowhere. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { shell } from '../connection/shell.ts';
import { useSpeech } from '../speech/speech.tsx';
import { Actions } from './form.tsx';
import { Aside } from './page.tsx';

const useStyles = makeStyles({
  block: { marginTop: '12px' },
  password: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '14px',
    overflowWrap: 'anywhere',
    userSelect: 'all',
  },
});

export function PasswordOnce({ password }: { password: string | null }) {
  const { text } = useSpeech();
  const styles = useStyles();
  if (password === null) return null;
  return (
    <div role="status" className={styles.block}>
      <Aside tone="action" title={text.certificates.passwordOnce}>
        <span className={styles.password}>{password}</span>
        <Actions>
          <Button size="small" onClick={() => void shell.copy(password)}>
            {text.common.copy}
          </Button>
        </Actions>
      </Aside>
    </div>
  );
}
