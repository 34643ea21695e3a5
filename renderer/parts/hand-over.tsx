/** An issued certificate on its way to a person: the .p12 as a download, its password shown once. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';
import type { CertificateView } from '../../contract/certificate.ts';
import { pkcs12Profile } from '../../contract/certificate.ts';
import { useAction } from '../connection/api.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Actions, Choice } from './form.tsx';
import { Quiet } from './page.tsx';
import { PasswordOnce } from './password-once.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { saveFile } from './save-file.ts';

const useStyles = makeStyles({ block: { marginTop: '12px' } });

export function HandOver({ certificate }: { certificate: Pick<CertificateView, 'id' | 'hasKey'> }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const [profile, setProfile] = useState<(typeof pkcs12Profile.options)[number]>('compatible');
  const [password, setPassword] = useState<string | null>(null);
  const save = useAction(async (client) => {
    const file = await client.certificate.exportPkcs12({ certificate: certificate.id, profile });
    if (await saveFile(file.fileName, file.bytes, 'application/x-pkcs12')) setPassword(file.password);
  });
  if (!certificate.hasKey) return <Quiet>{text.certificates.keyNotHere}</Quiet>;
  return (
    <div className={styles.block}>
      <Choice
        label={text.certificates.p12For}
        hint={text.certificates.p12Hints[profile]}
        value={profile}
        options={pkcs12Profile.options.map((name) => [name, text.certificates.p12Profiles[name]])}
        onChange={setProfile}
      />
      <ProblemBar problem={save.problem} onClose={save.clear} />
      <Actions>
        <Button disabled={save.pending} onClick={() => void save.run(undefined)}>
          {text.certificates.saveP12}
        </Button>
      </Actions>
      <PasswordOnce password={password} />
    </div>
  );
}
