/** Which backend answered how often: bars of one scale. A table to a screen reader. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { look } from '../look/theme.ts';
import { shortened } from '../parts/copyable.tsx';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  table: { width: '100%', borderCollapse: 'collapse', fontSize: '14px' },
  name: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '12px',
    fontWeight: tokens.fontWeightRegular,
    textAlign: 'left',
    paddingRight: '10px',
    whiteSpace: 'nowrap',
    width: '1%',
  },
  bar: { padding: '3px 0' },
  count: {
    textAlign: 'right',
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: 'tabular-nums',
    paddingLeft: '10px',
    width: '1%',
  },
  caption: {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
  },
});

export interface Answered {
  readonly name: string;
  readonly count: number;
}

export function WhoAnswered({ backends }: { backends: readonly Answered[] }) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const most = Math.max(1, ...backends.map(({ count }) => count));
  return (
    <table className={styles.table} data-picture="who-answered">
      <caption className={styles.caption}>{text.home.whoAnswered}</caption>
      <tbody>
        {backends
          .toSorted((a, b) => a.name.localeCompare(b.name))
          .map(({ name, count }, at) => (
            <tr key={name}>
              <th scope="row" className={styles.name}>
                {shortened(name, 8)}
              </th>
              <td className={styles.bar}>
                <svg width="100%" height="22" aria-hidden="true">
                  <rect
                    width={`${(100 * count) / most}%`}
                    height="22"
                    rx="3"
                    fill={at % 2 === 0 ? look.chart : look.chartQuiet}
                  />
                </svg>
              </td>
              <td className={styles.count}>{format.number(count)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
