/** Packages with machine code of their own: never bundled, packed for the target. */
export const nativeModules = ['@napi-rs/keyring', 'koffi'];
