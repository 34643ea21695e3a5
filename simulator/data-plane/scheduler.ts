import type { PoolMember } from './configuration.ts';

/**
 * Chooses the next backend server: `rr` in turn, `wrr` in turn by weight.
 * Smooth weighted round robin: each choice adds every weight to its member and takes the total from the winner.
 */
export class Scheduler {
  readonly #credit = new Map<string, number>();

  /** `undefined` when nobody is there. Members of weight 0 take no new requests. */
  next(members: readonly PoolMember[], method: 'rr' | 'wrr'): PoolMember | undefined {
    let best: PoolMember | undefined;
    let total = 0;
    for (const member of members) {
      if (member.weight <= 0) continue;
      const weight = method === 'rr' ? 1 : member.weight;
      total += weight;
      this.#credit.set(memberKey(member), this.#creditOf(member) + weight);
      if (best === undefined || this.#creditOf(member) > this.#creditOf(best)) best = member;
    }
    if (best !== undefined) this.#credit.set(memberKey(best), this.#creditOf(best) - total);
    return best;
  }

  #creditOf(member: PoolMember): number {
    return this.#credit.get(memberKey(member)) ?? 0;
  }
}

/** One server can stand in a VServer group twice, on two ports. */
export function memberKey(member: PoolMember): string {
  return `${member.serverId}:${member.port}`;
}
