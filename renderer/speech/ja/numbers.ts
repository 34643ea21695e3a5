/** Numbers as this language writes them. */
export const number = new Intl.NumberFormat('ja');
export const count = (value: number, unit: string): string => `${number.format(value)} ${unit}`;
