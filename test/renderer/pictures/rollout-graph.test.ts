import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanItem, RolloutPlan } from '../../../contract/rollout.ts';
import {
  type Box,
  fitted,
  graphNodes,
  type PlacedNode,
  placeGraph,
} from '../../../renderer/pictures/rollout-graph-shape.ts';

const item = (
  resource: PlanItem['resource'],
  action: PlanItem['action'],
  name: string,
  now: PlanItem['now'] = null,
  willBe: PlanItem['willBe'] = null,
): PlanItem => ({ resource, action, name, id: null, now, willBe, reason: 'differs', apiCalls: [] });

const planOf = (backends: PlanItem, ...more: PlanItem[]): RolloutPlan => ({
  items: [
    item('load-balancer', 'adopt', 'front'),
    item('server-certificate', 'nothing', 'www'),
    item('ca-certificate', 'create', 'clients-ca', null, { CommonName: '割符 CA' }),
    backends,
    item('listener', 'replace', 'https:8443'),
    ...more,
  ],
  settled: false,
  digest: '',
});
const two = item('backends', 'create', 'a, b', null, { a: '100', b: '50' });

test('each backend is told apart: added, weighed anew, taken out, left alone', () => {
  const nodes = graphNodes(
    planOf(item('backends', 'change', '', { a: '100', b: '50', c: '10' }, { a: '100', b: '80', d: '1' })),
  );
  assert.deepEqual(
    nodes.filter(({ kind }) => kind === 'backends').map(({ name, action }) => [name, action]),
    [
      ['a', 'nothing'],
      ['b', 'change'],
      ['d', 'create'],
      ['c', 'delete'],
    ],
  );
});

test('the clients are those of the CA that will be let in, and the plan does nothing to them', () => {
  const clients = graphNodes(planOf(two)).find(({ kind }) => kind === 'clients');
  assert.deepEqual([clients?.name, clients?.action], ['割符 CA', null]);
});

test('of many backends those that change are shown, the others counted', () => {
  const weights = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`i-${at}`, '100']));
  const shown = graphNodes(
    planOf(item('backends', 'change', '', weights, { ...weights, 'i-39': '7' })),
  ).filter(({ kind }) => kind === 'backends');
  assert.equal(shown[0]!.name, 'i-39');
  assert.equal(shown.length, 6);
  assert.deepEqual([shown.at(-1)!.more, shown.at(-1)!.action], [35, 'nothing']);
});

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const isWithin = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

test('at any width nothing lies over anything else, and the load balancer holds what is upon it', () => {
  const old = [
    item('old-ca-certificate', 'delete', 'old ca'),
    item('old-server-certificate', 'delete', 'old'),
  ];
  const plans = [
    planOf(two),
    planOf(two, ...old),
    planOf(
      item('backends', 'create', '', null, Object.fromEntries([...'abcdef'].map((name) => [name, '1']))),
      ...old,
    ),
  ];
  for (const plan of plans) {
    for (let width = 280; width <= 1200; width += 13) {
      const { nodes, height, edges } = placeGraph(graphNodes(plan), width);
      const frame = nodes.find(({ kind }) => kind === 'load-balancer')!;
      const others = nodes.filter((node) => node !== frame);
      const isUpon = ({ kind }: PlacedNode): boolean => kind !== 'clients' && kind !== 'backends';
      for (const node of nodes) {
        assert.ok(isWithin(node.box, { x: 0, y: 0, width, height }), `${node.id} at ${width}`);
        assert.ok(node.box.width > 100, `${node.id} at ${width} has room for words`);
      }
      for (const node of others) {
        assert.equal(isWithin(node.box, frame.box), isUpon(node), `${node.id} at ${width}`);
        assert.equal(overlap(node.box, frame.box), isUpon(node), `${node.id} at ${width}`);
        for (const other of others)
          assert.ok(node === other || !overlap(node.box, other.box), `${node.id} ${other.id} at ${width}`);
      }
      // Clients to the listener, the listener to a backend.
      assert.ok(edges.length >= 3, `${edges.length} edges at ${width}`);
    }
  }
});

test('a text is cut only where it must be, with an ellipsis, and East Asian text sooner', () => {
  assert.equal(fitted('short', 200, 13), 'short');
  const cut = fitted('a rather long name of a certificate', 100, 13);
  assert.match(cut, /^a rather .*…$/);
  assert.ok(fitted('割符認証局の証明書その一', 100, 13).length < cut.length);
});
