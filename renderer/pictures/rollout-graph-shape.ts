/** The shape of the plan graph: who stands where, and what goes to whom. Pure; lengths in CSS pixels. */
import type { PlanAction, PlanItem, RolloutPlan } from '../../contract/rollout.ts';

export type GraphKind = 'clients' | PlanItem['resource'];

/** What the graph is about, before it has places. */
export interface GraphNode {
  readonly id: string;
  readonly kind: GraphKind;
  /** Of the thing: a name, an id, a port. */
  readonly name: string;
  /** Null for what the plan does not touch: the clients. */
  readonly action: PlanAction | null;
  /** Of a backend. */
  readonly weight?: { readonly now: string | null; readonly willBe: string | null };
  /** How many more backends this node stands for. */
  readonly more?: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface PlacedNode extends GraphNode {
  readonly box: Box;
}
export interface Edge {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  /** `bracket`: out to the left, up, and in again from the left. */
  readonly direction: 'right' | 'down' | 'up' | 'bracket';
}
export interface GraphShape {
  readonly width: number;
  readonly height: number;
  /** The load balancer comes first: the others are drawn upon it. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly Edge[];
}

/** More would be a list, and the table beside is one. */
const mostBackends = 6;

/** What a plan is about: clients, load balancer, listener, certificates, each backend, and what goes away. */
export function graphNodes(plan: RolloutPlan): readonly GraphNode[] {
  const of = (resource: PlanItem['resource']): PlanItem[] =>
    plan.items.filter((item) => item.resource === resource);
  const node = ({ resource, name, id, action }: PlanItem): GraphNode => ({
    id: `${resource} ${id ?? name}`,
    kind: resource,
    name,
    action,
  });
  const [ca] = of('ca-certificate');
  return [
    ...of('load-balancer').map(node),
    { id: 'clients', kind: 'clients', name: ca?.willBe?.['CommonName'] ?? ca?.name ?? '', action: null },
    ...of('listener').map((item) => ({ ...node(item), name: item.name.replace(/^https:/, '') })),
    ...of('ca-certificate').map(node),
    ...of('server-certificate').map(node),
    ...of('old-ca-certificate').map(node),
    ...of('old-server-certificate').map(node),
    ...of('backends').flatMap(backendNodes),
  ];
}

/** The plan has one item for all of them; what happens to each is read from the weights. */
function backendNodes({ now, willBe }: PlanItem): readonly GraphNode[] {
  const before = now ?? {};
  const after = willBe ?? {};
  const all = [...new Set([...Object.keys(after), ...Object.keys(before)])].map((serverId): GraphNode => {
    const weight = { now: before[serverId] ?? null, willBe: after[serverId] ?? null };
    const action =
      weight.now === null
        ? 'create'
        : weight.willBe === null
          ? 'delete'
          : weight.now === weight.willBe
            ? 'nothing'
            : 'change';
    return { id: `backend ${serverId}`, kind: 'backends', name: serverId, action, weight };
  });
  if (all.length <= mostBackends) return all;
  // What changes is what one looks for.
  const sorted = [
    ...all.filter(({ action }) => action !== 'nothing'),
    ...all.filter(({ action }) => action === 'nothing'),
  ];
  const rest = sorted.slice(mostBackends - 1);
  const alike = rest.every(({ action }) => action === rest[0]?.action);
  return [
    ...sorted.slice(0, mostBackends - 1),
    {
      id: 'backend more',
      kind: 'backends',
      name: '',
      action: alike ? (rest[0]?.action ?? 'nothing') : 'change',
      more: rest.length,
    },
  ];
}

const node = { height: 52, gap: 12 } as const;
const frame = { padding: 14, head: 46 } as const;
const column = { gap: 36, clients: 168, backends: 184 } as const;
/** Narrower than this, everything stands below one another. */
export const widestNarrow = 640;
/** Two nodes beside each other need this much. */
const pair = 400;

/** Places for a picture of this width. */
export function placeGraph(nodes: readonly GraphNode[], width: number): GraphShape {
  const narrow = width < widestNarrow;
  const backends = nodes.filter(({ kind }) => kind === 'backends');
  const inside = nodes.filter(({ kind }) => !['clients', 'load-balancer', 'backends'].includes(kind));
  const [listener, ...certificates] = inside;
  const frameX = narrow ? 0 : column.clients + column.gap;
  const frameY = narrow ? node.height + column.gap : 0;
  const frameWidth = narrow ? width : width - frameX - column.gap - column.backends;
  const inner = frameWidth - 2 * frame.padding;
  const listenerBox: Box = {
    x: frameX + frame.padding,
    y: frameY + frame.head + frame.padding / 2,
    width: inner,
    height: node.height,
  };
  const columns = inner >= pair ? 2 : 1;
  const below = grid(certificates, {
    x: listenerBox.x,
    y: listenerBox.y + node.height + 2 * node.gap,
    width: inner,
    columns,
  });
  const frameHeight = bottomOf([listenerBox, ...below.map(({ box }) => box)]) + frame.padding - frameY;
  const frameBox: Box = { x: frameX, y: frameY, width: frameWidth, height: frameHeight };
  const servers = narrow
    ? grid(backends, {
        x: 0,
        y: frameY + frameHeight + column.gap,
        width,
        columns: width >= pair ? 2 : 1,
      })
    : grid(backends, {
        x: width - column.backends,
        y: Math.max(0, middle(listenerBox)[1] - stackHeight(backends.length) / 2),
        width: column.backends,
        columns: 1,
      });
  const clientsBox: Box = narrow
    ? { x: 0, y: 0, width, height: node.height }
    : { x: 0, y: listenerBox.y, width: column.clients, height: node.height };
  const placed: PlacedNode[] = nodes.flatMap((each) => {
    if (each.kind === 'load-balancer') return [{ ...each, box: frameBox }];
    if (each.kind === 'clients') return [{ ...each, box: clientsBox }];
    return each === listener ? [{ ...each, box: listenerBox }] : [];
  });
  const all = [...placed, ...below, ...servers];
  return {
    width,
    height: bottomOf(all.map(({ box }) => box)) + 1,
    nodes: all,
    edges: [
      narrow ? down(clientsBox, listenerBox) : right(clientsBox, listenerBox),
      // Only the current ones are the listener's; old ones hang on nothing.
      ...below
        .filter(({ kind }) => kind === 'ca-certificate' || kind === 'server-certificate')
        .map(({ box }) => (columns === 2 ? up(box, listenerBox) : bracket(box, listenerBox))),
      // What is taken out gets nothing any more.
      ...(narrow ? servers.slice(0, width >= pair ? 2 : 1) : servers)
        .filter(({ action }) => action !== 'delete')
        .map(({ box }) => (narrow ? down(frameBox, box) : right(listenerBox, box))),
    ],
  };
}

const stackHeight = (count: number): number => count * node.height + Math.max(0, count - 1) * node.gap;

function grid(
  nodes: readonly GraphNode[],
  place: { readonly x: number; readonly y: number; readonly width: number; readonly columns: number },
): readonly PlacedNode[] {
  const columns = Math.min(place.columns, Math.max(1, nodes.length));
  const width = (place.width - (columns - 1) * node.gap) / columns;
  return nodes.map((each, at) => ({
    ...each,
    box: {
      x: place.x + (at % columns) * (width + node.gap),
      y: place.y + Math.floor(at / columns) * (node.height + node.gap),
      width,
      height: node.height,
    },
  }));
}

const middle = ({ x, y, width, height }: Box): readonly [number, number] => [x + width / 2, y + height / 2];
const bottomOf = (boxes: readonly Box[]): number => Math.max(...boxes.map(({ y, height }) => y + height));

const right = (from: Box, to: Box): Edge => ({
  from: [from.x + from.width, middle(from)[1]],
  to: [to.x, middle(to)[1]],
  direction: 'right',
});
const down = (from: Box, to: Box): Edge => ({
  from: [middle(to)[0], from.y + from.height],
  to: [middle(to)[0], to.y],
  direction: 'down',
});
const up = (from: Box, to: Box): Edge => ({
  from: [middle(from)[0], from.y],
  to: [middle(from)[0], to.y + to.height],
  direction: 'up',
});

const bracket = (from: Box, to: Box): Edge => ({
  from: [from.x, middle(from)[1]],
  to: [to.x, to.y + to.height - 10],
  direction: 'bracket',
});

/**
 * As much of a text as fits, with an ellipsis; widths are estimated, a little wide rather than narrow. East Asian
 * characters are as wide as they are high.
 */
export function fitted(text: string, width: number, size: number): string {
  const wide = (character: string): number =>
    /[\u1100-\uffdc\u{20000}-\u{3fffd}]/u.test(character)
      ? size
      : /[ .,:;'|ijlIft·]/.test(character)
        ? size * 0.34
        : /[A-Zmw@%_→…]/.test(character)
          ? size * 0.74
          : size * 0.58;
  const characters = [...text];
  let used = 0;
  for (const [at, character] of characters.entries()) {
    used += wide(character);
    if (used > width) {
      // Room for the ellipsis itself.
      let end = at;
      for (let freed = used - width; end > 0 && freed < size; end--) freed += wide(characters[end - 1]!);
      return `${characters.slice(0, end).join('').trimEnd()}…`;
    }
  }
  return text;
}
