/** What forms share: fields in columns, and the words for a field that the contract's schema refuses. */
import {
  Field,
  type FieldProps,
  Input,
  type InputProps,
  makeStyles,
  Select,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { type Control, type FieldError, type FieldValues, type Path, useController } from 'react-hook-form';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))',
    gap: '12px 14px',
    margin: '12px 0',
    alignItems: 'start',
    // Fluent's own least width would reach into the next column.
    '& .fui-Input, & .fui-Select, & .fui-Textarea': { minWidth: 0, width: '100%' },
    '& input': { minWidth: 0 },
  },
  wide: { gridColumn: '1 / -1' },
  actions: { display: 'flex', gap: '8px', alignItems: 'center', flexWrap: 'wrap', margin: '12px 0 0' },
});

export function Columns({ children }: { children: ReactNode }) {
  return <div className={useStyles().columns}>{children}</div>;
}

export function Actions({ children }: { children: ReactNode }) {
  return <div className={useStyles().actions}>{children}</div>;
}

export function TextField(props: {
  label: string;
  hint?: string | undefined;
  wide?: boolean;
  error?: FieldError | undefined;
  children: FieldProps['children'];
}) {
  const { text } = useSpeech();
  const styles = useStyles();
  return (
    <Field
      label={props.label}
      {...(props.wide ? { className: styles.wide } : {})}
      {...(props.hint === undefined ? {} : { hint: props.hint })}
      {...(props.error === undefined
        ? {}
        : {
            validationState: 'error' as const,
            validationMessage: props.error.type === 'too_small' ? text.form.missing : text.form.doesNotFit,
          })}
    >
      {props.children}
    </Field>
  );
}

/** One of a few, outside of a form: `options` are values and their words. */
export function Choice<T extends string>({
  label,
  hint,
  value,
  options,
  onChange,
}: {
  label: string;
  hint?: string;
  value: T;
  options: readonly (readonly [value: T, words: string])[];
  onChange: (value: T) => void;
}) {
  return (
    <TextField label={label} hint={hint}>
      <Select
        value={value}
        onChange={(_, { value: chosen }) => {
          const option = options.find(([each]) => each === chosen);
          if (option) onChange(option[0]);
        }}
      >
        {options.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </Select>
    </TextField>
  );
}

interface BoundProps<T extends FieldValues, R> {
  readonly control: Control<T, unknown, R>;
  readonly name: Path<T>;
  readonly label: string;
  readonly hint?: string;
}

/** A field of the form, with what the schema says of it. Numbers stay numbers. */
export function BoundInput<T extends FieldValues, R>({
  control,
  name,
  label,
  hint,
  ...input
}: BoundProps<T, R> & Pick<InputProps, 'type' | 'autoComplete' | 'autoFocus' | 'maxLength'>) {
  const { field, fieldState } = useController({ control, name });
  const value = String(field.value);
  return (
    <TextField label={label} hint={hint} error={fieldState.error}>
      <Input
        {...input}
        ref={field.ref}
        name={name}
        value={value === 'NaN' ? '' : value}
        onBlur={field.onBlur}
        onChange={(_, { value: typed }) =>
          field.onChange(input.type === 'number' ? Number.parseInt(typed, 10) : typed)
        }
      />
    </TextField>
  );
}

export function BoundSelect<T extends FieldValues, R>({
  control,
  name,
  label,
  hint,
  options,
}: BoundProps<T, R> & { readonly options: readonly (readonly [value: string, label: string])[] }) {
  const { field, fieldState } = useController({ control, name });
  return (
    <TextField label={label} hint={hint} error={fieldState.error}>
      <Select
        ref={field.ref}
        name={name}
        value={String(field.value)}
        onBlur={field.onBlur}
        onChange={(_, { value }) => field.onChange(value)}
      >
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </Select>
    </TextField>
  );
}
