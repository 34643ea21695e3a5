import type { Tag } from './parameters.ts';

/** `2022-02-21T02:49:05Z`: the API's times have no fractions. */
export function apiTime(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}

/** A moment as the pair of fields the API gives it. */
export function timeFields<N extends string>(name: N, iso: string): Record<string, unknown> {
  return { [name]: apiTime(iso), [`${name}Stamp`]: Date.parse(iso) };
}

/** Tags as answers carry them. */
export function tagList(tags: readonly Tag[]): { readonly Tag: readonly unknown[] } {
  return { Tag: tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })) };
}

/** Whether something has every tag that a request asks for; an empty value stands for any. */
export function hasTags(tags: readonly Tag[], wanted: readonly Tag[] = []): boolean {
  return wanted.every((w) =>
    tags.some((tag) => tag.key === w.key && (w.value === '' || tag.value === w.value)),
  );
}
