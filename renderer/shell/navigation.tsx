import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';
import { hrefOf, type PageName } from './address.ts';
import { useRoute } from './route.ts';

const useStyles = makeStyles({
  nav: {
    width: '216px',
    flexShrink: 0,
    backgroundColor: look.bar,
    borderRight: `1px solid ${look.hairline}`,
    padding: '10px 8px',
    boxSizing: 'border-box',
    overflowY: 'auto',
    '@media (max-width: 760px)': { width: '168px' },
  },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  parted: { borderTop: `1px solid ${look.hairline}`, marginTop: '10px', paddingTop: '10px' },
  link: {
    display: 'flex',
    justifyContent: 'space-between',
    alignItems: 'center',
    gap: '8px',
    padding: '7px 12px',
    borderLeft: '3px solid transparent',
    borderRadius: '4px',
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    fontSize: '14px',
    lineHeight: '20px',
    ':hover': { backgroundColor: look.code },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  here: {
    backgroundColor: look.actionGround,
    borderLeftColor: look.chart,
    color: look.actionText,
    fontWeight: tokens.fontWeightSemibold,
  },
  count: { fontSize: '12px', color: look.quietText, fontVariantNumeric: 'tabular-nums' },
});

const groups: readonly (readonly PageName[])[] = [
  ['home', 'guide'],
  ['authorities', 'certificates', 'load-balancers'],
  ['transfer', 'open-p12', 'browser-check'],
  ['practice', 'audit', 'settings'],
];

export function Navigation() {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const { page } = useRoute();
  const { query } = useApi();
  const counts = useQuery(query.home.overview.queryOptions()).data?.counts;
  const guide = useQuery(query.guide.status.queryOptions()).data;
  const count: Readonly<Partial<Record<PageName, string>>> = {
    ...(guide ? { guide: `${guide.done} / ${guide.steps.length}` } : {}),
    ...(counts
      ? {
          authorities: format.number(counts.authorities),
          'load-balancers': format.number(counts.rollouts),
        }
      : {}),
  };
  return (
    <nav className={styles.nav} aria-label={text.shell.navigation}>
      {groups.map((group, at) => (
        <ul key={group[0]} className={mergeClasses(styles.list, at > 0 && styles.parted)}>
          {group.map((name) => (
            <li key={name}>
              <a
                href={hrefOf(name)}
                className={mergeClasses(styles.link, name === page && styles.here)}
                aria-current={name === page ? 'page' : undefined}
              >
                {text.pages[name]}
                <span className={styles.count}>{count[name]}</span>
              </a>
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}
