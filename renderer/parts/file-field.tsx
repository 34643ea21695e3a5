/** A file of the person's choice: by the browser's dialog, or dropped here. */
import { Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { useRef, useState } from 'react';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';
import { TextField } from './form.tsx';

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
  accept?: string;
  onFiles: (files: readonly File[]) => void;
}) {
  const { text } = useSpeech();
  const styles = useStyles();
  const input = useRef<HTMLInputElement>(null);
  const [names, setNames] = useState<readonly string[]>([]);
  const [over, setOver] = useState(false);
  const take = (list: FileList | null): void => {
    const files = [...(list ?? [])];
    setNames(files.map(({ name }) => name));
    props.onFiles(files);
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
            take(event.dataTransfer.files);
          }}
        >
          <input
            ref={input}
            className={styles.input}
            type="file"
            tabIndex={-1}
            multiple={props.multiple === true}
            accept={props.accept}
            onChange={(event) => take(event.target.files)}
          />
          <Button
            id={field.id}
            // The visible word is part of the name (WCAG 2.5.3).
            aria-label={`${text.form.choose} ${props.label}`}
            size="small"
            onClick={() => input.current?.click()}
          >
            {text.form.choose}
          </Button>
          <span>{names.length > 0 ? names.join(', ') : text.form.orDrop}</span>
        </div>
      )}
    </TextField>
  );
}
