/** The four functions of `Reflect` that @peculiar/x509's injector asks for before it loads; the usual polyfill is not installed. */
const metadata = new WeakMap<object, Map<unknown, unknown>>();
const own = (key: unknown, target: object): unknown => metadata.get(target)?.get(key);

Object.assign(Reflect, {
  getMetadata: own,
  getOwnMetadata: own,
  hasOwnMetadata: (key: unknown, target: object) => metadata.get(target)?.has(key) ?? false,
  defineMetadata: (key: unknown, value: unknown, target: object) => {
    metadata.set(target, (metadata.get(target) ?? new Map()).set(key, value));
  },
});
