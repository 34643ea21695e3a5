/** Ctrl+K: a page, an action, a certificate. */
import {
  Dialog,
  DialogBody,
  DialogSurface,
  Input,
  makeStyles,
  mergeClasses,
} from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import { useAction, useApi } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';
import { pages } from './address.ts';
import { go } from './route.ts';

const useStyles = makeStyles({
  surface: { padding: '12px', marginTop: '96px', maxWidth: '560px' },
  body: { display: 'block' },
  input: { width: '100%' },
  list: { listStyleType: 'none', margin: '8px 0 0', padding: 0, maxHeight: '320px', overflowY: 'auto' },
  item: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: '16px',
    padding: '7px 10px',
    borderRadius: '4px',
    cursor: 'pointer',
    fontSize: '14px',
    lineHeight: '20px',
  },
  here: { backgroundColor: look.actionGround, color: look.actionText },
  kind: { color: look.quietText, fontSize: '12px', flexShrink: 0 },
});

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly kind: string;
  act(): void;
}

export function Palette({ onClose }: { onClose: () => void }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const listId = useId();
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const entries = useEntries(words.trim());
  const chosen = entries[Math.min(at, entries.length - 1)];
  const act = (entry: Entry | undefined): void => {
    if (!entry) return;
    onClose();
    entry.act();
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface} aria-label={text.shell.search}>
        <DialogBody className={styles.body}>
          <Input
            autoFocus
            className={styles.input}
            placeholder={text.shell.searchHint}
            aria-label={text.shell.search}
            role="combobox"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={chosen ? `${listId}-${chosen.id}` : undefined}
            value={words}
            onChange={(_, { value }) => {
              setWords(value);
              setAt(0);
            }}
            onKeyDown={(event) => {
              const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
              if (step !== undefined) {
                event.preventDefault();
                setAt((before) => (before + step + entries.length) % Math.max(1, entries.length));
              } else if (event.key === 'Enter') act(chosen);
            }}
          />
          <div className={styles.list} id={listId} role="listbox" aria-label={text.shell.search}>
            {entries.map((entry) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the combobox above
              <div
                key={entry.id}
                id={`${listId}-${entry.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={entry === chosen}
                className={mergeClasses(styles.item, entry === chosen && styles.here)}
                onClick={() => act(entry)}
              >
                {entry.label}
                <span className={styles.kind}>{entry.kind}</span>
              </div>
            ))}
          </div>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function useEntries(words: string): readonly Entry[] {
  const { text } = useSpeech();
  const { query } = useApi();
  const lock = useAction((client) => client.vault.lock());
  // What is here already answers at once; only the registry is asked a little later.
  const asked = useDeferredValue(words);
  const found = useQuery(
    query.certificate.list.queryOptions({
      input: { search: asked, limit: 8 },
      enabled: asked.length >= 2,
    }),
  ).data;
  const fixed: readonly Entry[] = [
    ...pages.map((page) => ({
      id: page,
      label: text.pages[page],
      kind: text.shell.page,
      act: () => go(page),
    })),
    {
      id: 'issue',
      label: text.certificates.issue,
      kind: text.shell.action,
      act: () => go('certificates', 'new'),
    },
    {
      id: 'many',
      label: text.kits.title,
      kind: text.shell.action,
      act: () => go('certificates', 'many'),
    },
    {
      id: 'create',
      label: text.authorities.create,
      kind: text.shell.action,
      act: () => go('authorities', 'new'),
    },
    {
      id: 'ask-certificate',
      label: text.transfer.ask.certificate,
      kind: text.shell.action,
      act: () => go('transfer', 'certificate'),
    },
    {
      id: 'ask-revocation',
      label: text.transfer.ask.revocation,
      kind: text.shell.action,
      act: () => go('transfer', 'revocation'),
    },
    { id: 'lock', label: text.vault.lock, kind: text.shell.action, act: () => void lock.run(undefined) },
  ];
  const needle = words.toLowerCase();
  return [
    ...fixed.filter(({ label, id }) => label.toLowerCase().includes(needle) || id.includes(needle)),
    ...(words.length >= 2 ? (found?.items ?? []) : []).map(({ id, commonName, subject }) => ({
      id,
      label: commonName || subject,
      kind: text.shell.certificate,
      act: () => go('certificates', id),
    })),
  ];
}
