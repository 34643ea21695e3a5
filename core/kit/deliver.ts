/** Kits for each face: into a folder that the command line names, or as files that a window lets the person save. */
import type { CollectedKits, KitEvent, KitResult, PackedKits } from '../../contract/kit.ts';
import type { CoreContext } from '../context.ts';
import { KitBundle, type WaitingBundle } from './bundle.ts';
import { KitFolder, passwordSheetPath } from './folder.ts';
import { type KitOrder, makeKits } from './make.ts';
import { readPasswordText } from './passwords.ts';

/**
 * Kits that lie in the folder are left alone, so the same call again goes on where it was stopped.
 * @throws as makeKits; Problem KIT_FOLDER_DAMAGED
 */
export async function* kitsToFolder(
  context: CoreContext,
  order: KitOrder,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<KitEvent, KitResult, void> {
  let folder!: KitFolder;
  const open = (): KitFolder => {
    folder = KitFolder.open(path);
    return folder;
  };
  const made = yield* makeKits(context, order, open, signal);
  return {
    folder: folder.path,
    kits: made.map((kit) => ({ ...kit, passwordFile: folder.passwordFileOf(kit.fingerprint) })),
    passwordSheet: passwordSheetPath,
  };
}

/** The kits wait in memory to be collected. Stopped in between, certificates stay and kits do not. @throws as makeKits */
export async function* kitsToCollect(
  context: CoreContext,
  waiting: WaitingBundle,
  order: KitOrder,
  signal?: AbortSignal,
): AsyncGenerator<KitEvent, PackedKits, void> {
  const bundle = new KitBundle(order.form === 'kit' ? '.zip' : '.p12');
  const kits = yield* makeKits(context, order, () => bundle, signal);
  return { id: waiting.put(bundle), kits: [...kits] };
}

/** Once. @throws Problem KITS_GONE */
export function collectKits(waiting: WaitingBundle, id: string): CollectedKits {
  const bundle = waiting.take(id);
  const { name, content } = bundle.file();
  return {
    fileName: name,
    file: new Blob([Uint8Array.from(content)]),
    password: bundle.onlyPassword(readPasswordText),
    passwords: new Blob([bundle.sheet], { type: 'text/html' }),
  };
}
