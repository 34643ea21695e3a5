/** A kit for somebody who has a certificate: everything to install it without Warifu, its password shown once. */
import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { useAction } from '../connection/api.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Actions, Columns } from './form.tsx';
import { KitFields, type KitWishes } from './kit-fields.tsx';
import { useKits } from './kits.tsx';
import { Quiet } from './page.tsx';
import { PasswordOnce } from './password-once.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { saveBlob } from './save-file.ts';
import { siteOf } from './site.ts';

export function OneKit({ certificate }: { certificate: string }) {
  const { text, language: own } = useSpeech();
  const [wishes, setWishes] = useState<KitWishes>({ target: 'any', language: own, site: '' });
  const [password, setPassword] = useState<string | null>(null);
  const kits = useKits();
  const { target, language } = wishes;
  const url = siteOf(wishes.site);
  const save = useAction(async () => {
    setPassword(null);
    const made = await kits.make({
      people: { certificate },
      defaults: { target, language },
      ...(url === '' ? {} : { url }),
    });
    if (made && (await saveBlob(made.fileName, made.file))) setPassword(made.password);
  });
  const labels = text.kits;
  return (
    <>
      <Quiet>{labels.what}</Quiet>
      <Columns>
        <KitFields wishes={wishes} onChange={setWishes} />
      </Columns>
      <ProblemBar problem={kits.problem ?? save.problem} onClose={save.clear} />
      <Actions>
        <Button disabled={save.pending || url === undefined} onClick={() => void save.run(undefined)}>
          {save.pending ? text.common.working : labels.saveOne}
        </Button>
      </Actions>
      <PasswordOnce password={password} />
    </>
  );
}
