/** The emblem: two halves that fit, stand apart, or are not yet made. */
import { makeStyles } from '@fluentui/react-components';
import type { HomeOverview } from '../../contract/home.ts';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  picture: { flexShrink: 0, display: 'block' },
  character: { fontSize: '20px', fontFamily: "'Yu Mincho', 'Noto Serif CJK JP', serif" },
});

const colours = {
  holds: { line: look.provenLine, ground: look.provenGround, gap: 0, dash: undefined },
  broken: { line: look.dangerLine, ground: look.dangerGround, gap: 14, dash: undefined },
  unproven: { line: look.attentionLine, ground: look.attentionGround, gap: 7, dash: undefined },
  unmade: { line: look.quietText, ground: 'transparent', gap: 7, dash: '4 3' },
} as const;

const edge = (x: number): string => `${x},8 ${x - 6},20 ${x + 6},32 ${x - 6},46 ${x + 6},60 ${x},72`;

export function Tally({ verdict }: { verdict: HomeOverview['verdict'] }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const { line, ground, gap, dash } = colours[verdict];
  return (
    <svg
      className={styles.picture}
      width="124"
      height="80"
      viewBox="0 0 124 80"
      role="img"
      aria-label={text.home.verdict[verdict]}
    >
      <g fill={ground} stroke={line} strokeWidth="2" strokeLinejoin="round" strokeDasharray={dash}>
        <polygon points={`8,8 ${edge(60 - gap)} 8,72`} />
        <polygon points={`116,8 ${edge(64 + gap)} 116,72`} />
      </g>
      <g fill={line} className={styles.character}>
        <text x={20 - gap / 2} y={40}>
          割
        </text>
        <text x={82 + gap / 2} y={58}>
          符
        </text>
      </g>
    </svg>
  );
}

export function SmallTally() {
  return (
    <svg width="28" height="20" viewBox="0 0 124 80" aria-hidden="true">
      <g fill={look.provenGround} stroke={look.provenLine} strokeWidth="5" strokeLinejoin="round">
        <polygon points={`8,8 ${edge(60)} 8,72`} />
        <polygon points={`116,8 ${edge(66)} 116,72`} />
      </g>
    </svg>
  );
}
