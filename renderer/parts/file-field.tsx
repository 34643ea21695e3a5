/** A file of the person's choice: by a dialog, or dropped here. */
import { Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { useRef, useState } from 'react';
import type { FileKind } from '../../contract/shell.ts';
import { problemOf, type WindowProblem } from '../connection/problem-of.ts';
import { shell } from '../connection/shell.ts';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';
import { TextField } from './form.tsx';
import { ProblemBar } from './problem-bar.tsx';

const useStyles = makeStyles({
  place: {
    border: `1px dashed ${look.quietText}`,
    borderRadius: '4px',
    padding: '8px 10px',
    display: 'flex',
    gap: '10px',
    alignItems: 'center',
    flexWrap: 'wrap',
    fontSize: '14px',
    color: look.quietText,
  },
  over: { backgroundColor: look.actionGround },
  input: { display: 'none' },
});

export function FileField(props: {
  label: string;
  hint?: string;
  multiple?: boolean;
  kind?: FileKind;
  /** Chosen already, from outside of the page. */
  given?: File | null | undefined;
  onFiles: (files: readonly File[]) => void;
}) {
  const { text } = useSpeech();
  const styles = useStyles();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<WindowProblem | null>(null);
  const [names, setNames] = useState<readonly string[]>(props.given ? [props.given.name] : []);
  const [over, setOver] = useState(false);
  const take = (files: readonly File[]): void => {
    setNames(files.map(({ name }) => name));
    props.onFiles(files);
  };
  const choose = async (): Promise<void> => {
    if (!shell.open) return input.current?.click();
    setProblem(null);
    try {
      const files = await shell.open(props.kind ?? 'any', props.multiple === true);
      if (files.length > 0) take(files);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <TextField label={props.label} hint={props.hint}>
      {(field) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first
        <div
          className={mergeClasses(styles.place, over && styles.over)}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            take([...event.dataTransfer.files]);
          }}
        >
          <input
            ref={input}
            className={styles.input}
            type="file"
            tabIndex={-1}
            multiple={props.multiple === true}
            onChange={(event) => take([...(event.target.files ?? [])])}
          />
          <Button
            id={field.id}
            // The visible word is part of the name (WCAG 2.5.3).
            aria-label={`${text.form.choose} ${props.label}`}
            size="small"
            onClick={() => void choose()}
          >
            {text.form.choose}
          </Button>
          <span>{names.length > 0 ? names.join(', ') : text.form.orDrop}</span>
          <ProblemBar problem={problem} />
        </div>
      )}
    </TextField>
  );
}
