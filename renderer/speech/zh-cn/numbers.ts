/** Numbers as this language writes them. */
export const number = new Intl.NumberFormat('zh-CN');
export const count = (value: number, unit: string): string => `${number.format(value)} ${unit}`;
