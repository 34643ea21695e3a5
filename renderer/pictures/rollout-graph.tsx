/**
 * The plan as a graph: clients → listener, upon its load balancer and with its certificates → backends, each with what
 * will happen to it. The same as a list to a screen reader.
 */
import { makeStyles, tokens } from '@fluentui/react-components';
import { useMemo, useRef } from 'react';
import type { PlanAction, RolloutPlan } from '../../contract/rollout.ts';
import { look } from '../look/theme.ts';
import { shortened } from '../parts/copyable.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { planMarks } from './plan-marks.ts';
import {
  type Edge,
  fitted,
  type GraphNode,
  graphNodes,
  type PlacedNode,
  placeGraph,
} from './rollout-graph-shape.ts';
import { useWidth } from './width.ts';

const useStyles = makeStyles({
  place: { margin: '8px 0 14px' },
  picture: { display: 'block', fontSize: '12px' },
  title: { fill: look.quietText },
  name: { fill: tokens.colorNeutralForeground1, fontSize: '13px', fontWeight: tokens.fontWeightSemibold },
  mark: { fontWeight: tokens.fontWeightSemibold },
  line: { stroke: look.quietText, fill: 'none', strokeWidth: '1.25px' },
  head: { fill: look.quietText },
  /** Still there for a screen reader. */
  unseen: {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    margin: 0,
    whiteSpace: 'nowrap',
  },
});

interface Tone {
  readonly line: string;
  readonly ground: string;
  readonly words: string;
  readonly dash?: string;
  readonly thick: number;
}
const proven = { line: look.provenLine, ground: look.provenGround, words: look.provenText, thick: 1.5 };
const danger = { line: look.dangerLine, ground: look.dangerGround, words: look.dangerText, thick: 1.5 };
const still = { line: look.hairline, ground: look.card, words: look.quietText, thick: 1 };
/** Never colour alone: each has its mark and its word as well. */
const tones: Readonly<Record<PlanAction, Tone>> = {
  create: proven,
  adopt: proven,
  change: { line: look.attentionLine, ground: look.attentionGround, words: look.attentionText, thick: 1.5 },
  replace: danger,
  delete: { ...danger, dash: '5 3' },
  nothing: still,
};

export function RolloutGraph({ plan }: { plan: RolloutPlan }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const nodes = useMemo(() => graphNodes(plan), [plan]);
  const shape = width > 0 ? placeGraph(nodes, width) : null;
  const words = useNodeWords();
  return (
    <div ref={place} className={styles.place}>
      <ul className={styles.unseen} aria-label={text.planGraph.title}>
        {nodes.map((node) => {
          const { title, name, mark } = words(node);
          const parts =
            node.kind === 'backends' && node.more === undefined
              ? [text.plan.resources.backends, name, title, mark]
              : [title, name, mark];
          return <li key={node.id}>{parts.filter((part) => part !== '').join(text.common.colon)}</li>;
        })}
      </ul>
      {shape && (
        <svg
          className={styles.picture}
          width={shape.width}
          height={shape.height}
          aria-hidden="true"
          data-picture="rollout-graph"
        >
          {shape.nodes.map((node) => (
            <Node key={node.id} node={node} />
          ))}
          {shape.edges.map((edge) => (
            <Arrow key={`${edge.from} ${edge.to}`} edge={edge} />
          ))}
        </svg>
      )}
    </div>
  );
}

/** Two lines and a mark. */
function useNodeWords(): (node: GraphNode) => { title: string; name: string; mark: string } {
  const { text, format } = useSpeech();
  const labels = text.planGraph;
  return ({ kind, name, action, weight, more }) => {
    const mark =
      action === null ? '' : action === 'nothing' ? text.plan.unchanged : text.plan.actions[action];
    if (kind === 'clients') return { title: labels.clients, name, mark };
    if (kind === 'listener')
      return { title: text.plan.resources.listener, name: labels.mutualAuthentication(name), mark };
    if (kind !== 'backends') return { title: text.plan.resources[kind], name, mark };
    if (more !== undefined)
      return { title: text.plan.resources.backends, name: labels.more(format.number(more)), mark };
    const weighs =
      weight === undefined
        ? ''
        : weight.now !== null && weight.willBe !== null && weight.now !== weight.willBe
          ? `${weight.now}→${weight.willBe}`
          : (weight.willBe ?? weight.now ?? '');
    return { title: labels.weight(weighs), name, mark };
  };
}

function Node({ node }: { node: PlacedNode }) {
  const styles = useStyles();
  const { title, name, mark } = useNodeWords()(node);
  const { x, y, width, height } = node.box;
  const tone = tones[node.action ?? 'nothing'];
  const pad = 12;
  const said = node.action === null ? '' : `${planMarks[node.action]} ${mark}`;
  // What is left of a line beside the mark.
  const beside =
    width - 2 * pad - (said === '' ? 0 : 12 * said.length * (/[\u3000-\u9fff]/.test(said) ? 1 : 0.58) + 8);
  const isFrame = node.kind === 'load-balancer';
  // Where all stands below one another, the way to the listener leads through the middle.
  const isCrossed = isFrame && x === 0;
  return (
    <g>
      <title>{[title, name, mark].filter((part) => part !== '').join(' · ')}</title>
      <rect
        x={x + 1}
        y={y + 1}
        width={width - 2}
        height={height - 2}
        rx={isFrame ? 8 : 6}
        // Of a frame the edge says it: what is upon it has grounds of its own.
        fill={isFrame ? look.page : tone.ground}
        stroke={tone.line}
        strokeWidth={tone.thick}
        strokeDasharray={tone.dash}
      />
      <text className={styles.title} x={x + pad} y={y + 20}>
        {fitted(title, beside, 12)}
      </text>
      {said !== '' && (
        <text className={styles.mark} fill={tone.words} x={x + width - pad} y={y + 20} textAnchor="end">
          {said}
        </text>
      )}
      <text className={styles.name} x={x + pad} y={y + 40}>
        {node.kind === 'backends' && name.length > 24
          ? fitted(shortened(name, 9), width - 2 * pad, 13)
          : fitted(name, isCrossed ? width / 2 - 2 * pad : width - 2 * pad, 13)}
      </text>
    </g>
  );
}

function Arrow({ edge: { from, to, direction } }: { edge: Edge }) {
  const styles = useStyles();
  const [x, y] = to;
  const tip = 5;
  const line = {
    right: `C${(from[0] + x) / 2},${from[1]} ${(from[0] + x) / 2},${y} ${x - tip},${y}`,
    down: `L${x},${y - tip}`,
    up: `L${x},${y + tip}`,
    bracket: `H${x - 8} V${y} H${x - tip}`,
  }[direction];
  const intoTheLeft = `${x},${y} ${x - 7},${y - 4} ${x - 7},${y + 4}`;
  const head = {
    right: intoTheLeft,
    bracket: intoTheLeft,
    down: `${x},${y} ${x - 4},${y - 7} ${x + 4},${y - 7}`,
    up: `${x},${y} ${x - 4},${y + 7} ${x + 4},${y + 7}`,
  }[direction];
  return (
    <g>
      <path className={styles.line} d={`M${from[0]},${from[1]} ${line}`} />
      <polygon className={styles.head} points={head} />
    </g>
  );
}
