/** Tags on load balancers, certificates and groups. */
import { type Done, done, flatList, flatTags, list, text } from './answer.ts';
import type { SlbClient } from './client.ts';

export type TaggedType =
  | 'instance'
  | 'certificate'
  | 'acl'
  | 'listener'
  | 'vservergroup'
  | 'masterslaveservergroup';

/** TagResources. */
export async function tagResources(
  client: SlbClient,
  type: TaggedType,
  ids: readonly string[],
  tags: Readonly<Record<string, string>>,
): Promise<Done> {
  const parameters = { ResourceType: type, ...flatList('ResourceId', ids), ...flatTags(tags) };
  return done(await client.change('TagResources', parameters));
}

/** UntagResources. */
export async function untagResources(
  client: SlbClient,
  type: TaggedType,
  ids: readonly string[],
  keys: readonly string[],
): Promise<Done> {
  const parameters = { ResourceType: type, ...flatList('ResourceId', ids), ...flatList('TagKey', keys) };
  return done(await client.change('UntagResources', parameters));
}

export interface TagOfResource {
  readonly resourceId: string;
  readonly key: string;
  readonly value: string;
}

/** ListTagResources, all pages. */
export async function listTagResources(
  client: SlbClient,
  type: TaggedType,
  ids: readonly string[],
): Promise<readonly TagOfResource[]> {
  const found: TagOfResource[] = [];
  let next: string | undefined;
  do {
    const answer = await client.read('ListTagResources', {
      ResourceType: type,
      ...flatList('ResourceId', ids),
      NextToken: next,
    });
    for (const row of list(answer, 'TagResources', 'TagResource'))
      found.push({
        resourceId: text(row, 'ResourceId'),
        key: text(row, 'TagKey'),
        value: text(row, 'TagValue'),
      });
    next = text(answer, 'NextToken') || undefined;
  } while (next !== undefined);
  return found;
}
