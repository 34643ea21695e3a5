/** The window: language and look around everything, then either the first run or the pages. */
import { makeStyles } from '@fluentui/react-components';
import { type UseQueryResult, usePrefetchQuery, useQuery } from '@tanstack/react-query';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import type { WarifuClient } from '../contract/contract.ts';
import { ApiProvider, useApi } from './connection/api.tsx';
import { watchHanded } from './connection/handed-file.ts';
import { problemOf } from './connection/problem-of.ts';
import { Look } from './look/look.tsx';
import { look } from './look/theme.ts';
import { Audit } from './pages/audit.tsx';
import { Authorities } from './pages/authorities.tsx';
import { BrowserCheck } from './pages/browser-check.tsx';
import { Certificates } from './pages/certificates.tsx';
import { FirstRun } from './pages/first-run.tsx';
import { Guide } from './pages/guide.tsx';
import { Home } from './pages/home.tsx';
import { LoadBalancers } from './pages/load-balancers.tsx';
import { OpenP12 } from './pages/open-p12.tsx';
import { Practice } from './pages/practice.tsx';
import { Settings } from './pages/settings.tsx';
import { Transfer } from './pages/transfer.tsx';
import { Unreadable } from './pages/unreadable.tsx';
import type { PageName } from './shell/address.ts';
import { Navigation } from './shell/navigation.tsx';
import { Palette } from './shell/palette.tsx';
import { go, useRoute } from './shell/route.ts';
import { TitleBar } from './shell/title-bar.tsx';
import { UnlockGate } from './shell/unlock-dialog.tsx';
import { preferredLanguage, SpeechProvider, useSpeech } from './speech/speech.tsx';

const useStyles = makeStyles({
  window: {
    height: '100vh',
    display: 'flex',
    flexDirection: 'column',
    backgroundColor: look.page,
    fontSize: '14px',
    lineHeight: '20px',
  },
  below: { display: 'flex', flexGrow: 1, minHeight: 0 },
  // Positioned, so that what is hidden from sight in it scrolls with it and not the window.
  main: { flexGrow: 1, minWidth: 0, overflowY: 'auto', position: 'relative' },
  skip: {
    position: 'absolute',
    left: '-9999px',
    ':focus': { left: '8px', top: '8px', zIndex: 1, backgroundColor: look.card, padding: '8px' },
  },
});

export function App({ client }: { client: WarifuClient }) {
  return (
    <ApiProvider client={client}>
      <Dressed />
    </ApiProvider>
  );
}

function Dressed() {
  const { query } = useApi();
  const chosen = useQuery(query.settings.get.queryOptions());
  // What is asked next anyway, asked at once.
  usePrefetchQuery(query.vault.status.queryOptions());
  usePrefetchQuery(query.home.overview.queryOptions());
  const obstacle = useObstacle(chosen);
  const language = chosen.data?.language ?? preferredLanguage(navigator.languages);
  // Nothing in a language or in colours that change a moment later.
  if (!chosen.data && !obstacle) return null;
  return (
    <SpeechProvider language={language}>
      <Look theme={chosen.data?.theme ?? 'system'} language={language}>
        {obstacle ? <Unreadable problem={problemOf(obstacle)} /> : <Inside />}
      </Look>
    </SpeechProvider>
  );
}

/** Why there is no answer; it stands while the question is asked again, so that what is shown for it keeps its place. */
function useObstacle({ data, error }: Pick<UseQueryResult, 'data' | 'error'>): Error | null {
  const last = useRef<Error | null>(null);
  if (data !== undefined) last.current = null;
  else if (error) last.current = error;
  return last.current;
}

function Inside() {
  const { query } = useApi();
  const styles = useStyles();
  const vault = useQuery(query.vault.status.queryOptions());
  // The vault is there as soon as it is made; the first run goes on a little longer.
  const [beginning, setBeginning] = useState(false);
  useEffect(() => {
    if (vault.data?.state === 'absent') setBeginning(true);
  }, [vault.data]);
  const obstacle = useObstacle(vault);
  if (obstacle) return <Unreadable problem={problemOf(obstacle)} />;
  if (!vault.data) return null;
  return (
    <UnlockGate>
      {beginning || vault.data.state === 'absent' ? (
        <main className={styles.window}>
          <FirstRun onDone={() => setBeginning(false)} />
        </main>
      ) : (
        <Pages />
      )}
    </UnlockGate>
  );
}

const byName: Readonly<Record<PageName, ComponentType>> = {
  home: Home,
  guide: Guide,
  authorities: Authorities,
  certificates: Certificates,
  'load-balancers': LoadBalancers,
  transfer: Transfer,
  'open-p12': OpenP12,
  'browser-check': BrowserCheck,
  practice: Practice,
  audit: Audit,
  settings: Settings,
};

function Pages() {
  const { text } = useSpeech();
  const styles = useStyles();
  const { page } = useRoute();
  const [searching, setSearching] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setSearching(true);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => watchHanded(() => go('open-p12')), []);
  useEffect(() => {
    document.title = `${text.pages[page]} · Warifu`;
  }, [text, page]);
  const Shown = byName[page];
  return (
    <div className={styles.window}>
      <button
        type="button"
        className={styles.skip}
        onClick={() => document.querySelector<HTMLElement>('main h1')?.focus()}
      >
        {text.shell.skip}
      </button>
      <TitleBar onSearch={() => setSearching(true)} />
      <div className={styles.below}>
        <Navigation />
        <main className={styles.main}>
          <Shown key={page} />
        </main>
      </div>
      {searching && <Palette onClose={() => setSearching(false)} />}
    </div>
  );
}
