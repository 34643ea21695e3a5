/**
 * Windows' certificate functions in memory, for what Wine cannot show: providers, refusals, the question about a
 * root, successes that are none. As strict as the real thing about contexts that are not freed and deletions that
 * are not committed, and it counts what is left open.
 */
import { constants, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import {
  type AcquiredKey,
  alwaysCng,
  type Handle,
  type KeyPlace,
  type Signing,
  type StoreName,
  type StoreScope,
  type WindowsSystem,
} from '../../../../core/trust-store/windows/system.ts';
import { fingerprint256 } from '../../../../core/x509/certificate.ts';
import { readPkcs12 } from '../../../../core/x509/pkcs12/read.ts';

const cng = { provider: 'Microsoft Software Key Storage Provider', providerType: 0 };
const legacy = { provider: 'Microsoft Enhanced Cryptographic Provider v1.0', providerType: 1 };

interface Row {
  readonly der: Uint8Array;
  readonly name?: string;
  readonly keyPlace?: KeyPlace;
}

interface OpenStore {
  readonly name: StoreName | 'PKCS#12';
  readonly rows: Map<string, Row>;
  /** Takes the changes over, when the store belongs to the user. */
  readonly settle?: (rows: Map<string, Row>) => void;
  committed: boolean;
  deletes: string[];
  contexts: number;
}

interface Context {
  row: Row;
  readonly store: OpenStore;
}

export class WindowsDouble implements WindowsSystem {
  /** False: an old Windows, or Wine, which refuse the flag. */
  takesAlwaysCng = true;
  /** What the person answers when Windows asks about a root. */
  answer: 'yes' | 'no' = 'yes';
  /** Functions that say they did it and did not. */
  readonly liars = new Set<keyof WindowsSystem>();
  /** Functions that say no. */
  readonly refusers = new Set<keyof WindowsSystem>();
  programs: readonly string[] = ['explorer.exe'];
  /** What PFXImportCertStore was called with. */
  readonly importFlags: number[] = [];
  /** Questions about roots that were put to the person. */
  questions = 0;
  readonly keys = new Map<string, KeyObject>();
  readonly own: Record<StoreName, Map<string, Row>> = { My: new Map(), CA: new Map(), Root: new Map() };
  readonly machine: Record<StoreName, Map<string, Row>> = {
    My: new Map(),
    CA: new Map(),
    Root: new Map(),
  };
  readonly #handles = new Map<Handle, OpenStore | Context | KeyObject>();
  #next = 0n;

  /** Everything that was opened and not given back. */
  get leaks(): number {
    return this.#handles.size;
  }

  #open(object: OpenStore | Context | KeyObject): Handle {
    this.#next += 16n;
    this.#handles.set(this.#next, object);
    return this.#next;
  }

  #take<T>(handle: Handle): T {
    const object = this.#handles.get(handle);
    if (!object) throw new Error(`handle ${handle} is not open: Windows would crash here`);
    return object as T;
  }

  #close<T>(handle: Handle): T {
    const object = this.#take<T>(handle);
    this.#handles.delete(handle);
    return object;
  }

  #context(store: OpenStore, row: Row): Handle {
    store.contexts++;
    return this.#open({ row, store });
  }

  openStore(name: StoreName, scope: StoreScope): Handle | undefined {
    if (this.refusers.has('openStore')) return undefined;
    return this.#open({
      name,
      rows: new Map([...(scope === 'all' ? this.machine[name] : []), ...this.own[name]]),
      settle: (rows) => {
        this.own[name] = new Map([...rows].filter(([id]) => !this.machine[name].has(id)));
      },
      committed: false,
      deletes: [],
      contexts: 0,
    });
  }

  commitStore(handle: Handle): boolean {
    this.#take<OpenStore>(handle).committed = true;
    return true;
  }

  closeStore(handle: Handle): void {
    const store = this.#close<OpenStore>(handle);
    if (store.contexts > 0) return;
    if (store.committed) for (const id of store.deletes) store.rows.delete(id);
    store.settle?.(store.rows);
  }

  nextCertificate(handle: Handle, previous: Handle | undefined): Handle | undefined {
    const store = this.#take<OpenStore>(handle);
    const rows = [...store.rows.values()];
    const at = previous === undefined ? -1 : rows.indexOf(this.#take<Context>(previous).row);
    if (previous !== undefined) this.freeCertificate(previous);
    const row = rows[at + 1];
    return row && this.#context(store, row);
  }

  freeCertificate(handle: Handle): void {
    this.#close<Context>(handle).store.contexts--;
  }

  encoded(handle: Handle): Uint8Array {
    return this.#take<Context>(handle).row.der;
  }

  friendlyName(handle: Handle): string | undefined {
    return this.#take<Context>(handle).row.name;
  }

  setFriendlyName(handle: Handle, name: string): boolean {
    const context = this.#take<Context>(handle);
    context.row = { ...context.row, name };
    return true;
  }

  keyPlace(handle: Handle): KeyPlace | undefined {
    return this.#take<Context>(handle).row.keyPlace;
  }

  addCertificate(handle: Handle, certificate: Handle): boolean {
    if (this.refusers.has('addCertificate')) return false;
    const { row } = this.#take<Context>(certificate);
    if (!this.liars.has('addCertificate'))
      this.#take<OpenStore>(handle).rows.set(fingerprint256(row.der), row);
    return true;
  }

  async addEncoded(handle: Handle, der: Uint8Array): Promise<boolean> {
    const store = this.#take<OpenStore>(handle);
    if (!(await this.#agreed(store))) return false;
    if (!this.liars.has('addEncoded')) store.rows.set(fingerprint256(der), { der });
    return true;
  }

  async deleteCertificate(handle: Handle): Promise<boolean> {
    const { row, store } = this.#take<Context>(handle);
    this.freeCertificate(handle);
    if (!(await this.#agreed(store))) return false;
    if (!this.liars.has('deleteCertificate')) store.deletes.push(fingerprint256(row.der));
    return true;
  }

  async #agreed({ name }: OpenStore): Promise<boolean> {
    if (name !== 'Root') return true;
    this.questions++;
    await new Promise((resolve) => setImmediate(resolve));
    return this.answer === 'yes';
  }

  importPkcs12(pkcs12: Uint8Array, password: string, flags: number): Handle | undefined {
    this.importFlags.push(flags);
    const isCng = (flags & alwaysCng) !== 0;
    if (this.refusers.has('importPkcs12') || (isCng && !this.takesAlwaysCng)) return undefined;
    const { identities, certificates } = readPkcs12(pkcs12, password);
    const rows = new Map<string, Row>();
    const [identity] = identities;
    if (identity && !this.liars.has('importPkcs12')) {
      const container = `{${this.keys.size}}`;
      this.keys.set(
        container,
        createPrivateKey({ key: Buffer.from(identity.key), format: 'der', type: 'pkcs8' }),
      );
      const der = identity.certificate ?? certificates[0]!;
      rows.set(fingerprint256(der), { der, keyPlace: { ...(isCng ? cng : legacy), container, flags: 0 } });
    }
    return this.#open({ name: 'PKCS#12', rows, committed: false, deletes: [], contexts: 0 });
  }

  acquireKey(certificate: Handle): AcquiredKey | undefined {
    const place = this.#take<Context>(certificate).row.keyPlace;
    const key = place && this.keys.get(place.container);
    if (!place || !key || this.refusers.has('acquireKey')) return undefined;
    return place.providerType === 0
      ? { handle: this.#open(key), kind: 'cng', spec: 0 }
      : { handle: this.#open(key), kind: 'capi', spec: 1 };
  }

  releaseKey(key: AcquiredKey): void {
    this.#close(key.handle);
  }

  signCng(key: AcquiredKey, data: Uint8Array, signing: Signing): Uint8Array | undefined {
    if (key.kind !== 'cng') throw new Error('not a CNG key: Windows would crash here');
    return sign('sha256', data, {
      key: this.#take<KeyObject>(key.handle),
      ...(signing === 'ec' ? { dsaEncoding: 'ieee-p1363' as const } : {}),
      ...(signing === 'rsa-pss' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {}),
    });
  }

  signCapi(key: AcquiredKey, data: Uint8Array): Uint8Array | undefined {
    if (key.kind !== 'capi') throw new Error('not a CAPI key: Windows would crash here');
    return sign('sha1', data, this.#take<KeyObject>(key.handle));
  }

  deleteKey({ container }: KeyPlace): boolean {
    if (this.refusers.has('deleteKey')) return false;
    this.keys.delete(container);
    return true;
  }

  lastError(): number {
    return 5;
  }

  runningPrograms(): readonly string[] {
    return this.programs;
  }
}
