/** A kit for somebody who has a certificate: everything to install it without Warifu, its password shown once. */
import { Button, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { type KitTarget, kitTarget } from '../../contract/kit.ts';
import { languages } from '../../contract/problems/define.ts';
import { useAction } from '../connection/api.tsx';
import { languageNames, useSpeech } from '../speech/speech.tsx';
import { Actions, Choice, Columns, TextField } from './form.tsx';
import { useKits } from './kits.tsx';
import { Quiet } from './page.tsx';
import { PasswordOnce } from './password-once.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { saveBlob } from './save-file.ts';
import { siteOf } from './site.ts';

export function OneKit({ certificate }: { certificate: string }) {
  const { text, language: own } = useSpeech();
  const [target, setTarget] = useState<KitTarget>('any');
  const [language, setLanguage] = useState(own);
  const [site, setSite] = useState('');
  const [password, setPassword] = useState<string | null>(null);
  const kits = useKits();
  const url = siteOf(site);
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
        <Choice
          label={labels.target}
          value={target}
          options={kitTarget.options.map((name) => [name, labels.targets[name]])}
          onChange={setTarget}
        />
        <Choice
          label={labels.language}
          value={language}
          options={languages.map((name) => [name, languageNames[name]])}
          onChange={setLanguage}
        />
        <TextField
          label={labels.site}
          hint={labels.siteHint}
          error={url === undefined ? { type: 'url' } : undefined}
        >
          <Input value={site} onChange={(_, { value }) => setSite(value)} />
        </TextField>
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
