import type { Cloud } from '../../cloud.ts';
import { type Action, action, done } from '../action.ts';
import { invalid, missing, refuse } from '../errors.ts';
import { hasTags } from '../formats.ts';
import { boolean, list, oneOf, required, type Tag, tags, text } from '../parameters.ts';

const TAGS_PER_RESOURCE = 20;

const resourceType = oneOf(
  'instance',
  'certificate',
  'acl',
  'listener',
  'vservergroup',
  'masterslaveservergroup',
);

/** Anything that can be tagged. */
interface Tagged {
  readonly id: string;
  readonly regionId: string;
  readonly holder: { tags: Tag[] };
}

const tagResources = action(
  {
    RegionId: required(text()),
    ResourceType: required(resourceType),
    ResourceId: required(list()),
    Tag: tags(),
  },
  (cloud, values) => {
    if (values.Tag === undefined) throw missing('Tag');
    const given = values.Tag;
    const resources = named(cloud, values.ResourceType, values.RegionId, values.ResourceId);
    for (const { holder } of resources) {
      const kept = holder.tags.filter((tag) => !given.some(({ key }) => key === tag.key));
      if (kept.length + given.length > TAGS_PER_RESOURCE) throw refuse('TagCountLimit');
      holder.tags = [...kept, ...given];
    }
    return done;
  },
);

const untagResources = action(
  {
    RegionId: required(text()),
    ResourceType: required(resourceType),
    ResourceId: required(list()),
    TagKey: list(),
    All: boolean(),
  },
  (cloud, values) => {
    for (const { holder } of named(cloud, values.ResourceType, values.RegionId, values.ResourceId)) {
      holder.tags =
        values.TagKey === undefined
          ? values.All === true
            ? []
            : holder.tags
          : holder.tags.filter(({ key }) => !values.TagKey?.includes(key));
    }
    return done;
  },
);

const listTagResources = action(
  {
    RegionId: required(text()),
    ResourceType: required(resourceType),
    ResourceId: list(),
    Tag: tags(),
    NextToken: text(),
  },
  (cloud, values) => {
    const TagResource = taggable(cloud, values.ResourceType)
      .filter(({ id, regionId }) => regionId === values.RegionId && (values.ResourceId?.includes(id) ?? true))
      .filter(({ holder }) => hasTags(holder.tags, values.Tag))
      .flatMap(({ id, holder }) =>
        holder.tags.map(({ key, value }) => ({
          ResourceId: id,
          ResourceType: values.ResourceType,
          TagKey: key,
          TagValue: value,
        })),
      );
    return { TagResources: { TagResource } };
  },
);

export const tagActions: Readonly<Record<string, Action>> = {
  TagResources: tagResources,
  UntagResources: untagResources,
  ListTagResources: listTagResources,
};

function named(cloud: Cloud, type: string, regionId: string, ids: readonly string[]): Tagged[] {
  const all = taggable(cloud, type);
  return ids.map((id) => {
    const found = all.find((resource) => resource.id === id && resource.regionId === regionId);
    if (found === undefined) throw invalid('The specified resource does not exist.');
    return found;
  });
}

function taggable(cloud: Cloud, type: string): Tagged[] {
  const { loadBalancers, serverCertificates, caCertificates, vServerGroups } = cloud.state;
  const plain = (holder: { id: string; regionId: string; tags: Tag[] }): Tagged => ({
    id: holder.id,
    regionId: holder.regionId,
    holder,
  });
  switch (type) {
    case 'instance':
      return loadBalancers.map(plain);
    case 'certificate':
      return [...serverCertificates, ...caCertificates].map(plain);
    case 'vservergroup':
      return vServerGroups.map(plain);
    case 'listener':
      return loadBalancers.flatMap((lb) =>
        lb.listeners.map((holder) => ({
          id: `${lb.id}_${holder.protocol}_${holder.port}`,
          regionId: lb.regionId,
          holder,
        })),
      );
    default:
      return [];
  }
}
