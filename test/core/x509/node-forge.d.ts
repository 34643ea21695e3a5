/** The little of node-forge that serves as a judge here; the package brings no types. */
declare module 'node-forge' {
  interface Forge {
    readonly pki: { privateKeyFromPem(pem: string): unknown; certificateFromPem(pem: string): unknown };
    readonly pkcs12: {
      toPkcs12Asn1(
        key: unknown,
        chain: readonly unknown[],
        password: string,
        options: { algorithm: string; friendlyName: string },
      ): unknown;
    };
    readonly asn1: { toDer(value: unknown): { getBytes(): string } };
  }
  const forge: Forge;
  export default forge;
}
