/** Who answered, and whether the requests were spread evenly. */
import type { ProbeBalance } from '../../contract/probe.ts';
import type { Exchange } from './connection.ts';

/** Counts answers by backend; `null` stands for a request that brought no page. */
export function balanceOf(answers: readonly Exchange['backend'][]): ProbeBalance {
  const answered = answers.filter((answer) => answer !== null);
  const counts = new Map<string, number>();
  for (const { name } of answered) counts.set(name, (counts.get(name) ?? 0) + 1);
  const backends = [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    requests: answers.length,
    failed: answers.length - answered.length,
    by: answered[0]?.by ?? null,
    backends,
    order: answered.map(({ name }) => name),
    even: backends.length < 2 ? null : isEven(backends.map(({ count }) => count)),
  };
}

/**
 * Round robin gives every backend the same share, give or take one; a load balancer of several nodes deals each
 * its own hand, and others may be asking at the same time, so a fifth of a share is allowed.
 */
function isEven(counts: readonly number[]): boolean {
  const share = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return Math.max(...counts) - Math.min(...counts) <= Math.max(1, Math.floor(share / 5));
}
