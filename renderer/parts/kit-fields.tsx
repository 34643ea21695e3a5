/** For which system a kit is, in which language it speaks, and which site it opens. */
import { Input } from '@fluentui/react-components';
import { type KitTarget, kitTarget } from '../../contract/kit.ts';
import { type Language, languages } from '../../contract/problems/define.ts';
import { languageNames, useSpeech } from '../speech/speech.tsx';
import { Choice, TextField } from './form.tsx';
import { siteOf } from './site.ts';

export interface KitWishes {
  readonly target: KitTarget;
  readonly language: Language;
  /** As it was typed. */
  readonly site: string;
}

/** `hint`: what is said of target and language. */
export function KitFields({
  wishes,
  hint,
  onChange,
}: {
  wishes: KitWishes;
  hint?: string;
  onChange: (wishes: KitWishes) => void;
}) {
  const { text } = useSpeech();
  const labels = text.kits;
  const { target, language, site } = wishes;
  const note = hint === undefined ? {} : { hint };
  return (
    <>
      <Choice
        {...note}
        label={labels.language}
        value={language}
        options={languages.map((name) => [name, languageNames[name]])}
        onChange={(chosen) => onChange({ ...wishes, language: chosen })}
      />
      <Choice
        {...note}
        label={labels.target}
        value={target}
        options={kitTarget.options.map((name) => [name, labels.targets[name]])}
        onChange={(chosen) => onChange({ ...wishes, target: chosen })}
      />
      <TextField
        label={labels.site}
        hint={labels.siteHint}
        error={siteOf(site) === undefined ? { type: 'url' } : undefined}
      >
        <Input value={site} onChange={(_, { value }) => onChange({ ...wishes, site: value })} />
      </TextField>
    </>
  );
}
