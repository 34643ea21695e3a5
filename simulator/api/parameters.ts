import { ApiError, invalidValue, missing, refuse } from './errors.ts';

/** A tag as requests carry it: `Tag.N.Key`, `Tag.N.Value`. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** One entry of the JSON string `BackendServers`. */
export interface BackendServerItem {
  readonly ServerId: string;
  readonly Weight?: number;
  readonly Type?: string;
  readonly ServerIp?: string;
  readonly Description?: string;
  readonly Port?: number;
}

/** What is known of one parameter: how it is read, whether it has to be there. */
interface Field<V, R extends boolean = boolean> {
  readonly required: R;
  /** `undefined` when the request does not carry the parameter. */
  readonly read: (name: string, raw: Readonly<Record<string, string>>) => V | undefined;
}

/** The parameters of one action, by name. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

type RequiredNames<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<unknown, true> ? K : never;
}[keyof F];
type ValueOf<F> = F extends Field<infer V> ? V : never;

/** The values a request carries for a table of fields. */
export type Values<F extends Fields> = { [K in RequiredNames<F>]: ValueOf<F[K]> } & {
  [K in Exclude<keyof F, RequiredNames<F>>]?: ValueOf<F[K]>;
};

/** Text of a limited length. */
export function text(limits: { readonly length?: readonly [number, number]; readonly start?: RegExp } = {}) {
  return one((name, value) => {
    const [least, most] = limits.length ?? [1, Number.POSITIVE_INFINITY];
    const size = [...value].length;
    if (size < least || size > most || (limits.start && !limits.start.test(value))) throw invalidValue(name);
    return value;
  });
}

/** One of a list of words. */
export function oneOf<const W extends string>(...words: readonly W[]) {
  return one((name, value): W => {
    const word = words.find((w) => w === value);
    if (word === undefined) throw invalidValue(name);
    return word;
  });
}

/** Words of a list, separated by commas. */
export function someOf(...words: readonly string[]) {
  return one((name, value) => {
    if (!value.split(',').every((w) => words.includes(w.trim()))) throw invalidValue(name);
    return value;
  });
}

/** A whole number from `least` to `most`, or the one special value. */
export function integer(least: number, most: number, special?: number) {
  return one((name, value) => {
    const number = /^-?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
    if (number === special) return number;
    if (Number.isNaN(number) || number < least || number > most) throw invalidValue(name);
    return number;
  });
}

export function boolean() {
  return one((name, value) => {
    if (value !== 'true' && value !== 'false') throw invalidValue(name);
    return value === 'true';
  });
}

/** `Name.1`, `Name.2` …; a client may also send a single `Name`, with commas. */
export function list(): Field<readonly string[], false> {
  return {
    required: false,
    read(name, raw) {
      const values = indexed(name, raw).map((key) => raw[key] as string);
      if (values.length > 0) return values;
      return raw[name] ? raw[name].split(',') : undefined;
    },
  };
}

/** `Tag.1.Key`, `Tag.1.Value` …; at most 20. */
export function tags(): Field<readonly Tag[], false> {
  return {
    required: false,
    read(name, raw) {
      const found: Tag[] = [];
      for (let n = 1; raw[`${name}.${n}.Key`] !== undefined; n += 1) {
        const key = raw[`${name}.${n}.Key`] as string;
        const value = raw[`${name}.${n}.Value`] ?? '';
        if (key === '' || key.length > 64 || value.length > 128) throw invalidValue(`${name}.${n}.Key`);
        found.push({ key, value });
      }
      if (found.length > 20) throw refuse('TagCountLimit');
      return found.length > 0 ? found : undefined;
    },
  };
}

/** `BackendServers`: a JSON array as a string, at most 20 entries. */
export function backendServers(options: { readonly port: boolean } = { port: false }) {
  return one((_name, value): readonly BackendServerItem[] => {
    const items = parseJsonArray(value);
    if (items.length > 20) throw refuse('TooManyBackendServers');
    return items.map((item) => readBackendServer(item, options.port));
  });
}

/** Makes a field one that a request has to carry. */
export function required<V>(field: Field<V>): Field<V, true> {
  return { ...field, required: true };
}

/**
 * Reads the parameters of one action. Unknown parameters are ignored, as the gateway does; so are empty ones.
 * @throws ApiError `Missing…` or `InvalidParameter`.
 */
export function readParameters<F extends Fields>(
  fields: F,
  raw: Readonly<Record<string, string>>,
): Values<F> {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = field.read(name, raw);
    if (value === undefined && field.required) throw missing(name);
    if (value !== undefined) values[name] = value;
  }
  return values as Values<F>;
}

function one<V>(parse: (name: string, value: string) => V): Field<V, false> {
  return {
    required: false,
    read(name, raw) {
      const value = raw[name];
      return value === undefined || value === '' ? undefined : parse(name, value);
    },
  };
}

function indexed(name: string, raw: Readonly<Record<string, string>>): string[] {
  const keys: string[] = [];
  for (let n = 1; raw[`${name}.${n}`] !== undefined; n += 1) keys.push(`${name}.${n}`);
  return keys;
}

function parseJsonArray(value: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // falls through to the documented refusal
  }
  throw refuse('BackendServersMalformed');
}

function readBackendServer(item: unknown, withPort: boolean): BackendServerItem {
  if (typeof item === 'string' && !withPort) return readBackendServer({ ServerId: item }, false);
  if (typeof item !== 'object' || item === null) throw refuse('BackendServersMalformed');
  const { ServerId, Weight, Type, ServerIp, Description, Port } = item as Record<string, unknown>;
  if (typeof ServerId !== 'string' || ServerId === '') throw refuse('BackendServersMalformed');
  const weight = optionalNumber(Weight);
  if (weight !== undefined && !(weight >= 0 && weight <= 100)) throw refuse('InvalidWeight.Malformed');
  if (Type !== undefined && !['ecs', 'eni', 'eci'].includes(String(Type)))
    throw refuse('BackendServersMalformed');
  const port = optionalNumber(Port);
  if (withPort && !(port !== undefined && port >= 1 && port <= 65535)) throw portOutOfRange();
  return {
    ServerId,
    ...(weight === undefined ? {} : { Weight: weight }),
    ...(Type === undefined ? {} : { Type: String(Type) }),
    ...(typeof ServerIp === 'string' ? { ServerIp } : {}),
    ...(typeof Description === 'string' ? { Description } : {}),
    ...(port === undefined ? {} : { Port: port }),
  };
}

/** Numbers come as JSON numbers or as strings; anything else is NaN and fails every range. */
function optionalNumber(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = Number(value);
  return Number.isInteger(number) ? number : Number.NaN;
}

function portOutOfRange(): ApiError {
  return new ApiError(
    400,
    'InvalidParameter',
    'The specified BackendServers is invalid, as the Port value should be in [1, 65535].',
  );
}
