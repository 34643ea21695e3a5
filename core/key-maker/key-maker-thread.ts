/** The thread of {@link KeyMaker}: makes one key after the other and keeps none. */
import { parentPort } from 'node:worker_threads';
import { generatePrivateKeyHere, type KeyAlgorithm } from '../x509/key.ts';
import { giveWay } from './give-way.ts';

const port = parentPort!;
const hasGivenWay = giveWay();

port.on('message', async (algorithm: KeyAlgorithm) => {
  await hasGivenWay;
  const key = generatePrivateKeyHere(algorithm);
  // Moved, not copied: nothing of it stays in this thread.
  port.postMessage(key, [key.buffer]);
});
