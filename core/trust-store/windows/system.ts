/**
 * The functions of Windows that this room calls, one method each, with bytes and strings in place of structures.
 * `library.ts` binds the real ones; a test gives a double that counts what is opened and freed.
 */

/** The foreign function library, which only Windows loads. */
export type Koffi = typeof import('koffi')['default'];

/** A store, a certificate context or a key, as Windows numbers it. Whoever got one gives it back. */
export type Handle = bigint;

/** Stores of CurrentUser: identities, intermediate CAs, trusted roots. */
export type StoreName = 'My' | 'CA' | 'Root';

/** What Windows calls the three. */
export type StoreNames = Readonly<Record<StoreName, string>>;

export const userStores: StoreNames = { My: 'My', CA: 'CA', Root: 'Root' };
/** For a person that a tour makes up: Windows keeps them, and no program looks there. */
export const practiceStores: StoreNames = {
  My: 'WarifuPractice',
  CA: 'WarifuPracticeCA',
  Root: 'WarifuPracticeRoot',
};

/** `all`: what the user sees, the machine's certificates included; `own`: what this user added. */
export type StoreScope = 'all' | 'own';

/** Where a private key lives (CRYPT_KEY_PROV_INFO). */
export interface KeyPlace {
  readonly container: string;
  readonly provider: string;
  /** 0: a key storage provider (CNG); else a cryptographic service provider, the legacy kind. */
  readonly providerType: number;
  readonly flags: number;
}

export interface AcquiredKey {
  readonly handle: Handle;
  /** `cng` keys can sign with RSA-PSS, which TLS 1.3 demands; `capi` keys cannot. */
  readonly kind: 'cng' | 'capi';
  /** AT_KEYEXCHANGE or AT_SIGNATURE of a `capi` key. */
  readonly spec: number;
}

export type Signing = 'rsa-pkcs1' | 'rsa-pss' | 'ec';

export interface WindowsSystem {
  /** CertOpenStore; undefined when refused. */
  openStore(name: StoreName, scope: StoreScope): Handle | undefined;
  /** CertControlStore with CERT_STORE_CTRL_COMMIT, without which deletions are lost. */
  commitStore(store: Handle): boolean;
  /** CertCloseStore. Additions reach the disk here, and only if every context was freed before. */
  closeStore(store: Handle): void;
  /** CertEnumCertificatesInStore: frees `previous`. */
  nextCertificate(store: Handle, previous: Handle | undefined): Handle | undefined;
  freeCertificate(certificate: Handle): void;
  /** DER, copied. */
  encoded(certificate: Handle): Uint8Array;
  /** CERT_FRIENDLY_NAME_PROP_ID. */
  friendlyName(certificate: Handle): string | undefined;
  setFriendlyName(certificate: Handle, name: string): boolean;
  /** CERT_KEY_PROV_INFO_PROP_ID. */
  keyPlace(certificate: Handle): KeyPlace | undefined;
  /** CertAddCertificateContextToStore, properties and all, in place of one that is there. */
  addCertificate(store: Handle, certificate: Handle): boolean;
  /** CertAddEncodedCertificateToStore, unless it is there. For Root, Windows asks the person, and this waits. */
  addEncoded(store: Handle, der: Uint8Array): Promise<boolean>;
  /** CertDeleteCertificateFromStore: frees `certificate`. For Root, Windows asks the person, and this waits. */
  deleteCertificate(certificate: Handle): Promise<boolean>;
  /** PFXImportCertStore: the keys are on disk afterwards, the certificates in the store that is returned. */
  importPkcs12(pkcs12: Uint8Array, password: string, flags: number): Handle | undefined;
  /** CryptAcquireCertificatePrivateKey, silent. `preferCng` as Chromium asks for it. */
  acquireKey(certificate: Handle, preferCng: boolean): AcquiredKey | undefined;
  releaseKey(key: AcquiredKey): void;
  /** NCryptSignHash over the SHA-256 of `data`; EC as r ‖ s. For a `cng` key. */
  signCng(key: AcquiredKey, data: Uint8Array, signing: Signing): Uint8Array | undefined;
  /** CryptSignHash over SHA-1, the one digest that every legacy provider knows; PKCS #1. For a `capi` key. */
  signCapi(key: AcquiredKey, data: Uint8Array): Uint8Array | undefined;
  /** NCryptDeleteKey, or CryptAcquireContext with CRYPT_DELETEKEYSET. True when it is gone, or was before. */
  deleteKey(place: KeyPlace): boolean;
  /** GetLastError after the last call that failed. */
  lastError(): number;
  /** File names of the programs that run in this session (`chrome.exe`). */
  runningPrograms(): readonly string[];
}

/** dwFlags of PFXImportCertStore: the key goes to the user's profile. */
export const userKeyset = 0x1000;
/** The key goes to a key storage provider, whatever the file says. Windows 8 and later; Wine refuses it. */
export const alwaysCng = 0x200;
