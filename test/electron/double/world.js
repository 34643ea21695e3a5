// Put before every document of a window: the preload script gets a `require` that knows electron alone, and what it
// says to main goes through one function that the page itself never sees. The script itself is put in further below.
(() => {
  if (window !== window.top) return;
  const call = window.__electron;
  delete window.__electron;
  const listeners = new Map();
  const ports = new Map();
  const pack = (value) => {
    if (value instanceof ArrayBuffer) return pack(new Uint8Array(value));
    if (value instanceof Uint8Array) {
      let text = '';
      for (let at = 0; at < value.length; at += 0x8000)
        text += String.fromCharCode(...value.subarray(at, at + 0x8000));
      return { $bytes: btoa(text) };
    }
    if (Array.isArray(value)) return value.map(pack);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pack(inner)]));
  };
  const unpack = (value) => {
    if (Array.isArray(value)) return value.map(unpack);
    if (value === null || typeof value !== 'object') return value;
    if (typeof value.$bytes === 'string')
      return Uint8Array.from(atob(value.$bytes), (character) => character.charCodeAt(0));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpack(inner)]));
  };
  const arrived = (id) => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = ({ data }) => void call('port', id, pack(data));
    ports.set(id, port2);
    return port1;
  };
  const deliver = ({ kind, channel, message, id, given }) => {
    if (kind === 'port') ports.get(id)?.postMessage(message);
    else if (kind === 'port-close') ports.get(id)?.close();
    else
      for (const listener of listeners.get(channel) ?? []) listener({ ports: given.map(arrived) }, message);
  };
  const frozen = (api) =>
    Object.freeze(Object.fromEntries(Object.entries(api).map(([name, value]) => [name, value])));
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name, api) => Object.defineProperty(window, name, { value: frozen(api) }),
    },
    ipcRenderer: {
      on: (channel, listener) => void listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
      send: (channel, ...args) => void call('send', channel, pack(args)),
      invoke: async (channel, ...args) => {
        const answer = unpack(await call('invoke', channel, pack(args)));
        if ('error' in answer) throw new Error(answer.error);
        return answer.value;
      },
    },
  };
  const require = (name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return electron;
  };
  const page = `${Math.random()}`;
  const pull = async () => {
    for (;;) for (const message of unpack(await call('pull', page))) deliver(message);
  };
  // Ends with the window.
  pull().catch(() => {});
  new MutationObserver(() => void call('title', document.title)).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
  });
  const module = { exports: {} };
  ((require, module, exports) => {
    __PRELOAD__;
  })(require, module, module.exports);
})();
