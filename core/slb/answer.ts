/** Reads the API's answers. Fields may be missing right after a change, so that nothing here throws. */
import type { Answer } from './sdk.ts';

/** A field as text; empty when it is missing. */
export function text(answer: Answer, name: string): string {
  const value = answer[name];
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

/** A field as a number, which the API sometimes writes as text; `undefined` when it is missing or no number. */
export function number(answer: Answer, name: string): number | undefined {
  const value = answer[name];
  if (value === undefined || value === null || value === '') return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** The objects of `{ Plural: { Singular: [...] } }`, the shape of the API's lists. */
export function list(answer: Answer, plural: string, singular: string): readonly Answer[] {
  return items(answer, plural, singular).filter(
    (item): item is Answer => typeof item === 'object' && item !== null,
  );
}

/** As {@link list}, for lists of plain text. */
export function texts(answer: Answer, plural: string, singular: string): readonly string[] {
  return items(answer, plural, singular).filter((item) => typeof item === 'string');
}

function items(answer: Answer, plural: string, singular: string): readonly unknown[] {
  const wrapper = answer[plural];
  const inner =
    typeof wrapper === 'object' && wrapper !== null && !Array.isArray(wrapper)
      ? (wrapper as Answer)[singular]
      : wrapper;
  return Array.isArray(inner) ? inner : [];
}

/** What every change answers with. */
export interface Done {
  readonly requestId: string;
}

export function done(answer: Answer): Done {
  return { requestId: text(answer, 'RequestId') };
}

/** Tags in the API's flat form, `Tag.1.Key`, `Tag.1.Value`. */
export function flatTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value], index) => [
      [`Tag.${index + 1}.Key`, key],
      [`Tag.${index + 1}.Value`, value],
    ]),
  );
}

/** A list in the API's flat form, `Name.1`, `Name.2`. */
export function flatList(name: string, values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(values.map((value, index) => [`${name}.${index + 1}`, value]));
}
