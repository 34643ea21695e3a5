import type { Language } from '../../contract/problems/define.ts';

export interface Formats {
  number(value: number): string;
  /** 14 Jul 2027 */
  date(instant: string): string;
  /** 14 Jul 2027, 09:30 */
  time(instant: string): string;
  /** Jul 27, from YYYY-MM */
  month(month: string): string;
  /** 2 minutes ago, in 3 days; within a minute, just now */
  relative(instant: string, now?: number): string;
  /** Whole days from now; negative when over. */
  days(instant: string, now?: number): number;
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 24 * 60 * 60],
  ['month', 30 * 24 * 60 * 60],
  ['day', 24 * 60 * 60],
  ['hour', 60 * 60],
  ['minute', 60],
];

/** Times are shown in the zone of the person who looks. */
export function formatsFor(language: Language, justNow: string): Formats {
  const tag = language === 'en' ? 'en-GB' : language;
  const number = onDemand(() => new Intl.NumberFormat(tag));
  const date = onDemand(() => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' }));
  const time = onDemand(() => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }));
  const month = onDemand(
    () => new Intl.DateTimeFormat(tag, { year: '2-digit', month: 'short', timeZone: 'UTC' }),
  );
  const relative = onDemand(() => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));
  return {
    number: (value) => number().format(value),
    date: (instant) => date().format(new Date(instant)),
    time: (instant) => time().format(new Date(instant)),
    month: (value) => month().format(new Date(`${value}-01T00:00:00Z`)),
    relative(instant, now = Date.now()) {
      const seconds = (Date.parse(instant) - now) / 1000;
      const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
      return unit === 'second' ? justNow : relative().format(Math.trunc(seconds / size), unit);
    },
    days: (instant, now = Date.now()) => Math.floor((Date.parse(instant) - now) / 86_400_000),
  };
}

/** Each reads the data of its language when it is made: some milliseconds, for a page that may never ask. */
function onDemand<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
