/** Figures beside their limits, and how much of a peer's time they take. */

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 'fps' | 's' | 'per s';
  readonly limit?: number;
  /** The limit is a floor. */
  readonly atLeast?: boolean;
}

const number = (value: number): string =>
  value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en');

export class Report {
  #missed = 0;

  heading(text: string): void {
    console.log(`\n${text}`);
  }

  add({ what, value, unit, limit, atLeast = false }: Figure): void {
    const holds = limit === undefined || (atLeast ? value >= limit : value <= limit);
    if (!holds) this.#missed += 1;
    const words = limit === undefined ? '' : `${atLeast ? 'at least' : 'at most'} ${number(limit)}`;
    console.log(
      `  ${holds ? ' ' : '✕'} ${what.padEnd(58)} ${`${number(value)} ${unit}`.padStart(11)}  ${words}`,
    );
  }

  ratio(what: string, own: number, peer: number): void {
    const times = own < peer ? `${number(peer / own)} times quicker` : `${number(own / peer)} times slower`;
    console.log(`    ${what.padEnd(58)} ${times.padStart(22)}`);
  }

  end(): void {
    console.log(this.#missed === 0 ? '\nEvery limit holds.' : `\n${this.#missed} limits do not hold (✕).`);
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
