/** Who vouches for whom: the authority above, what it signed below. A nested list to a screen reader. */
import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  below: { paddingLeft: '26px', position: 'relative' },
  elbow: {
    '::before': {
      content: '""',
      position: 'absolute',
      left: '12px',
      top: '-2px',
      width: '13px',
      height: '22px',
      borderLeft: `1px solid ${look.quietText}`,
      borderBottom: `1px solid ${look.quietText}`,
      borderBottomLeftRadius: '4px',
    },
  },
  box: {
    display: 'block',
    border: '1px solid transparent',
    borderRadius: '4px',
    padding: '6px 12px',
    marginBottom: '8px',
    fontSize: '13px',
    lineHeight: '18px',
    overflowWrap: 'anywhere',
  },
  action: {
    borderTopColor: look.chart,
    borderRightColor: look.chart,
    borderBottomColor: look.chart,
    borderLeftColor: look.chart,
    backgroundColor: look.actionGround,
    color: look.actionText,
  },
  proven: {
    borderTopColor: look.provenLine,
    borderRightColor: look.provenLine,
    borderBottomColor: look.provenLine,
    borderLeftColor: look.provenLine,
    backgroundColor: look.provenGround,
    color: look.provenText,
  },
  danger: {
    borderTopColor: look.dangerLine,
    borderRightColor: look.dangerLine,
    borderBottomColor: look.dangerLine,
    borderLeftColor: look.dangerLine,
    backgroundColor: look.dangerGround,
    color: look.dangerText,
  },
});

export interface Link {
  readonly name: string;
  readonly note: string;
  readonly tone: 'action' | 'proven' | 'danger';
}

export function TrustChain({ links }: { links: readonly Link[] }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const draw = (at: number) => {
    const link = links[at];
    if (!link) return null;
    return (
      <ul
        className={mergeClasses(styles.list, at > 0 && styles.below, at > 0 && styles.elbow)}
        aria-label={at === 0 ? text.certificates.chain : undefined}
      >
        <li>
          <span className={mergeClasses(styles.box, styles[link.tone])}>
            {link.tone === 'danger' && (
              <span role="img" aria-label={`${text.guide.holdsNot}${text.common.colon}`}>
                ✕{' '}
              </span>
            )}
            {link.name} · {link.note}
          </span>
          {draw(at + 1)}
        </li>
      </ul>
    );
  };
  return draw(0);
}
