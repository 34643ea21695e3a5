/** What every certificate store can do, whichever system keeps it. One folder per kind of store. */
import type {
  DiagnosisFinding,
  InstallResult,
  RemoveResult,
  StoredCertificate,
  StoreSummary,
} from '../../contract/trust-store.ts';

/** A certificate with its private key: a PKCS#12 of any origin, or the parts of one. */
export type StoreIdentity =
  | {
      readonly pkcs12: Uint8Array;
      readonly password: string;
      /** SHA-256 hex of the one to install, when the file holds several identities. */
      readonly thumbprint?: string;
    }
  | {
      /** PKCS#8 DER. */
      readonly key: Uint8Array;
      /** DER; the one that matches the key is the leaf, the others its chain, in any order. */
      readonly certificates: readonly Uint8Array[];
      /** What people will call it; the leaf's common name by default. */
      readonly friendlyName?: string;
    };

export interface StoreAccess {
  /** Master password of the store, when it has one. */
  readonly storePassword?: string;
}

export interface InstallOptions extends StoreAccess {
  /**
   * The person agreed that this CA may vouch for web sites and people on this machine. Without it the CA is
   * stored so that chains can be built, and trusted for nothing.
   */
  readonly trustCa: boolean;
}

export interface RemoveOptions extends StoreAccess {
  /** Take the CA out as well, unless another identity of the store comes from it. */
  readonly removeCa?: boolean;
}

export interface DiagnoseOptions extends StoreAccess {
  readonly now: Date;
  /** SHA-256 hex; every identity of the store is asked about when absent. */
  readonly thumbprint?: string;
  /** The CA names a server advertises (DER), from a probe; absent when unknown. */
  readonly advertisedNames?: readonly Uint8Array[];
  /** SignatureSchemes (RFC 8446 §4.2.3) that a server takes from a client, from a probe; absent when unknown. */
  readonly signatureSchemes?: readonly string[];
  /** The certificates a server sends (DER, leaf first), from a probe: whether its CA matters here at all. */
  readonly serverChain?: readonly Uint8Array[];
  /** Where the browser is to go: policies of an administrator speak of addresses. */
  readonly target?: { readonly host: string; readonly port: number };
}

/**
 * One store of one user. Methods throw Problem (STORE_…) and X509Error (what is wrong with the identity), and
 * leave the store as it was when they do, except STORE_NOT_INSTALLED, which says what is missing.
 */
export interface TrustStore {
  readonly id: string;
  readonly label: string;
  readonly path: string;
  summary(): StoreSummary;
  /** Idempotent. Resolves only after the store was read back and the key in it has signed. */
  install(identity: StoreIdentity, options: InstallOptions): Promise<InstallResult>;
  /** Empty when the store does not exist yet. */
  list(): Promise<readonly StoredCertificate[]>;
  /** By SHA-256 or SHA-1, hex, with or without colons, any case. */
  find(thumbprint: string): Promise<StoredCertificate | undefined>;
  /** Removes a certificate and its key. @throws Problem STORE_CERTIFICATE_UNKNOWN */
  remove(thumbprint: string, options?: RemoveOptions): Promise<RemoveResult>;
  /** Answers "why does my browser not offer the certificate?" by evidence; never changes anything. */
  diagnose(options: DiagnoseOptions): Promise<readonly DiagnosisFinding[]>;
}

/** The machine as this room sees it; a test gives its own. */
export interface StoreHost {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Home directory when the environment does not name one. */
  readonly home: string;
  /** Where the system keeps the policies of its administrator; `/etc` when absent. Never from the environment. */
  readonly etc?: string;
  /** The keychain's program; `/usr/bin/security` when absent. Never from the environment. */
  readonly securityTool?: string;
  /** The home is that of a person whom a tour makes up: a store that is no folder must not be the user's own. */
  readonly madeUp?: boolean;
}

/** The home directory of whoever the stores belong to. */
export function homeOf({ env, home }: StoreHost): string {
  return env.HOME || home;
}

/** Hex without colons or spaces, lower case: how thumbprints are compared. */
export function normalizeThumbprint(text: string): string {
  return text.replace(/[\s:]/g, '').toLowerCase();
}
