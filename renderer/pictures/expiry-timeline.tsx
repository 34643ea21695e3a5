/** What ends when: certificates by month, and the two ends that would stop everybody. */
import { makeStyles } from '@fluentui/react-components';
import { useRef } from 'react';
import type { HomeOverview } from '../../contract/home.ts';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';
import { useWidth } from './width.ts';

const useStyles = makeStyles({
  // Its height is there before its width is known.
  place: { minHeight: '132px' },
  picture: { display: 'block', fontSize: '12px' },
  label: { fill: look.quietText },
  server: { fill: look.dangerText, stroke: 'none' },
  authority: { fill: look.actionText, stroke: 'none' },
});

const [height, floor, left] = [132, 104, 8];
/** Months. */
const span = 36;
/** A narrower picture has room for fewer names of months. */
const roomy = 720;

export function ExpiryTimeline({ expiry, milestones }: Pick<HomeOverview, 'expiry' | 'milestones'>) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const every = width >= roomy ? 4 : 6;
  const first = monthNumber(new Date().toISOString());
  const slot = (width - 2 * left) / span;
  const x = (instant: string): number => {
    const date = new Date(instant);
    const part = (date.getUTCDate() - 1) / 31;
    return left + (monthNumber(instant) - first + part) * slot;
  };
  const shown = expiry
    .map(({ month, count }) => ({ month, count, at: monthNumber(month) - first }))
    .filter(({ at }) => at >= 0 && at < span);
  const most = Math.max(1, ...shown.map(({ count }) => count));
  const beyond = expiry.reduce(
    (sum, { month, count }) => (monthNumber(month) - first >= span ? sum + count : sum),
    0,
  );
  const marks = milestones
    .map((mark) => ({ ...mark, x: x(mark.at), later: monthNumber(mark.at) - first >= span }))
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .slice(0, 3);
  const words = [
    ...milestones.map(({ kind, name, at }) => text.home.milestone[kind](name, format.date(at))),
    ...shown.map(({ month, count }) => text.home.endsIn(format.month(month), count)),
    ...(beyond > 0 ? [text.home.endsLater(beyond)] : []),
  ].join('. ');
  const picture = (
    <svg
      className={styles.picture}
      width={width}
      height={height}
      role="img"
      aria-label={`${text.home.expiry}. ${words}`}
      data-picture="expiry"
    >
      <line x1={left} x2={width - left} y1={floor} y2={floor} stroke={look.hairline} />
      {shown.map(({ month, count, at }) => {
        const tall = 4 + (count / most) * 52;
        return (
          <rect
            key={month}
            x={left + at * slot + slot * 0.15}
            y={floor - tall}
            width={slot * 0.7}
            height={tall}
            rx="2"
            fill={at < 1 ? look.attentionLine : look.chartFaint}
          >
            <title>{text.home.endsIn(format.month(month), count)}</title>
          </rect>
        );
      })}
      {Array.from({ length: span / every }, (_, at) => at * every).map((at) => (
        <text key={at} className={styles.label} x={left + at * slot} y={floor + 20}>
          {format.month(monthText(first + at))}
        </text>
      ))}
      {marks.map(({ kind, name, at, x: exact, later }, index) => {
        const place2 = later ? width - left - 2 : Math.max(left + 1, exact);
        const rightHalf = place2 > width * 0.6;
        return (
          <g key={`${kind} ${name}`}>
            <line
              x1={place2}
              x2={place2}
              y1={14 + index * 15}
              y2={floor}
              stroke={kind === 'authority' ? look.chart : look.dangerLine}
              strokeDasharray="3 3"
            />
            <text
              className={kind === 'authority' ? styles.authority : styles.server}
              x={place2 + (rightHalf ? -6 : 6)}
              y={14 + index * 15}
              textAnchor={rightHalf ? 'end' : 'start'}
            >
              {text.home.milestone[kind](name.length > 28 ? `${name.slice(0, 27)}…` : name, format.date(at))}
              {later ? ' →' : ''}
            </text>
          </g>
        );
      })}
    </svg>
  );
  return (
    <div ref={place} className={styles.place}>
      {width > 0 && picture}
    </div>
  );
}

/** Months since year 0, of `YYYY-MM…`. */
function monthNumber(instant: string): number {
  return Number(instant.slice(0, 4)) * 12 + Number(instant.slice(5, 7)) - 1;
}

function monthText(number: number): string {
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;
}
