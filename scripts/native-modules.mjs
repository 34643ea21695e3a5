import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './toolchain.mjs';

/** Packages with machine code of their own: never bundled, packed for the target. Those that are not declared yet wait. */
const known = ['@napi-rs/keyring', 'koffi'];

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

export const nativeModules = known.filter((name) => name in dependencies);
