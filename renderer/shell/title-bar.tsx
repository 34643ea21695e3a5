import {
  Button,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { languages } from '../../contract/problems/define.ts';
import { useAction, useApi, useUnlock } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { Chip } from '../parts/page.tsx';
import { SmallTally } from '../pictures/tally.tsx';
import { languageNames, useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  bar: {
    height: '44px',
    flexShrink: 0,
    display: 'flex',
    alignItems: 'center',
    gap: '12px',
    padding: '0 16px',
    backgroundColor: look.bar,
    borderBottom: `1px solid ${look.hairline}`,
  },
  name: { fontSize: '14px', fontWeight: tokens.fontWeightSemibold },
  space: { flexGrow: 1 },
  practice: {
    fontSize: '12px',
    lineHeight: '22px',
    padding: '0 10px',
    borderRadius: '999px',
    whiteSpace: 'nowrap',
    color: look.attentionText,
    border: `1px solid ${look.attentionLine}`,
    backgroundColor: look.attentionGround,
    backgroundImage: `repeating-linear-gradient(135deg, transparent 0 8px, ${look.card} 8px 14px)`,
    fontWeight: tokens.fontWeightSemibold,
  },
  right: { display: 'flex', gap: '8px', alignItems: 'center' },
  button: { fontWeight: tokens.fontWeightRegular, whiteSpace: 'nowrap' },
});

export function TitleBar({ onSearch }: { onSearch: () => void }) {
  const { text } = useSpeech();
  const styles = useStyles();
  return (
    <header className={styles.bar}>
      <SmallTally />
      <span className={styles.name}>Warifu</span>
      <Place />
      <span className={styles.space} />
      <div className={styles.right}>
        <Button className={styles.button} size="small" appearance="subtle" onClick={onSearch}>
          {text.shell.search}
        </Button>
        <VaultButton />
        <LanguageMenu />
      </div>
    </header>
  );
}

/** Practice cannot be mistaken for the cloud. */
function Place() {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const account = useQuery(query.guide.status.queryOptions()).data?.account;
  if (!account) return null;
  return account.practice ? (
    <span className={styles.practice}>{text.shell.practice}</span>
  ) : (
    <Chip tone="action">{text.shell.cloud(account.regionId)}</Chip>
  );
}

function VaultButton() {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const unlock = useUnlock();
  // Somebody else may lock it: a timer, whose time is known, or a suspended machine.
  const status = useQuery(
    query.vault.status.queryOptions({ refetchInterval: ({ state }) => untilLock(state.data?.locksAt) }),
  ).data;
  const toggle = useAction(async (client) => {
    if (status?.state === 'unlocked') await client.vault.lock();
    else await unlock();
  });
  if (!status || status.state === 'absent') return null;
  const open = status.state === 'unlocked';
  const minutes =
    status.locksAt === null
      ? null
      : Math.max(1, Math.ceil((Date.parse(status.locksAt) - Date.now()) / 60_000));
  return (
    <Button className={styles.button} size="small" onClick={() => void toggle.run(undefined)}>
      {!open ? text.vault.isLocked : minutes === null ? text.vault.isOpen : text.vault.locksIn(minutes)}
    </Button>
  );
}

/** Milliseconds until it is worth looking again. */
function untilLock(locksAt: string | null | undefined): number {
  const left = locksAt ? Date.parse(locksAt) - Date.now() : Number.POSITIVE_INFINITY;
  return Math.min(15_000, Math.max(1000, left + 200));
}

export function LanguageMenu() {
  const { text, language } = useSpeech();
  const styles = useStyles();
  const save = useAction((client, chosen: (typeof languages)[number]) =>
    client.settings.set({ language: chosen }),
  );
  return (
    <Menu
      checkedValues={{ language: [language] }}
      onCheckedValueChange={(_, { checkedItems: [chosen] }) => {
        const known = languages.find((name) => name === chosen);
        if (known) void save.run(known);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          className={styles.button}
          size="small"
          aria-label={`${text.shell.language}: ${languageNames[language]}`}
        >
          {languageNames[language]}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {languages.map((name) => (
            <MenuItemRadio key={name} name="language" value={name} lang={name}>
              {languageNames[name]}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
