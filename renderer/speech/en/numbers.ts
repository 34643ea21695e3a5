/** Numbers as this language writes them. */
export const number = new Intl.NumberFormat('en');

export const plural = (count: number, one: string, many: string): string =>
  `${number.format(count)} ${count === 1 ? one : many}`;
