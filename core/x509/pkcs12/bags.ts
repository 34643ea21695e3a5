/** SafeContents (RFC 7292 §4.2): keys, sealed keys and certificates with their names; of the rest, what it is. */
import { context, type DerReader, type DerValue, Tag } from '../der.ts';
import { requirePrivateKeyInfo } from '../encrypted-key.ts';
import { readSealed, type Sealed } from '../sealed.ts';
import { berReader } from './pfx.ts';

/** RFC 7292 Appendix D, RFC 2985 §5.5. */
export const BagOid = {
  key: '1.2.840.113549.1.12.10.1.1',
  sealedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  crl: '1.2.840.113549.1.12.10.1.4',
  secret: '1.2.840.113549.1.12.10.1.5',
  safeContents: '1.2.840.113549.1.12.10.1.6',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  /** szOID_PKCS_12_KEY_PROVIDER_NAME_ATTR: which provider of Windows the key goes to. */
  keyProvider: '1.3.6.1.4.1.311.17.1',
} as const;

interface BagAttributes {
  readonly friendlyName?: string;
  readonly localKeyId?: Uint8Array;
  readonly keyProvider?: string;
}

export type Bag = BagAttributes &
  (
    | { readonly kind: 'key'; readonly key: Uint8Array }
    | { readonly kind: 'sealedKey'; readonly sealed: Sealed }
    | { readonly kind: 'certificate'; readonly certificate: Uint8Array }
    /** Nothing that Warifu uses: `CRL`, `secret`, or the OID of its type. */
    | { readonly kind: 'other'; readonly type: string }
  );

/** The bags of BER SafeContents, nested ones included, in file order. @throws X509Error DER_MALFORMED, INPUT_TOO_LARGE. */
export function readBags(safeContents: Uint8Array): readonly Bag[] {
  const outer = berReader(safeContents);
  const bags = [...bagsOf(outer.enter())];
  outer.end();
  return bags;
}

function* bagsOf(contents: DerReader): Generator<Bag> {
  while (!contents.atEnd) {
    const bag = contents.enter();
    const type = bag.oid();
    const value = bag.enter(context(0));
    const attributes = readAttributes(bag.enterOptional(Tag.set));
    bag.end();
    if (type === BagOid.key)
      yield { kind: 'key', key: requirePrivateKeyInfo(value.read(Tag.sequence).encoded), ...attributes };
    else if (type === BagOid.sealedKey)
      yield { kind: 'sealedKey', sealed: readSealed(value.enter()), ...attributes };
    else if (type === BagOid.certificate) {
      const certBag = value.enter();
      if (certBag.oid() === BagOid.x509Certificate)
        yield { kind: 'certificate', certificate: certBag.enter(context(0)).octets(), ...attributes };
    } else if (type === BagOid.safeContents) yield* bagsOf(value.enter());
    else yield { kind: 'other', type: otherTypes[type] ?? type };
  }
}

const otherTypes: Readonly<Record<string, string>> = { [BagOid.crl]: 'CRL', [BagOid.secret]: 'secret' };

/** PKCS12Attribute (RFC 7292 §4.2): those that tie a certificate to its key and name it; a name that cannot be read is none. */
function readAttributes(reader: DerReader | undefined): BagAttributes {
  let found: BagAttributes = {};
  while (reader !== undefined && !reader.atEnd) {
    const attribute = reader.enter();
    const type = attribute.oid();
    const values = attribute.enter(Tag.set);
    if (values.atEnd) continue;
    const value = values.any();
    if (type === BagOid.localKeyId && value.tag === Tag.octetString)
      found = { ...found, localKeyId: value.content };
    const friendlyName = type === BagOid.friendlyName ? readName(value) : undefined;
    if (friendlyName !== undefined) found = { ...found, friendlyName };
    const keyProvider = type === BagOid.keyProvider ? readName(value) : undefined;
    if (keyProvider !== undefined) found = { ...found, keyProvider };
  }
  return found;
}

/** BMPString as the RFC has it; some writers use UTF8String. */
function readName(value: DerValue): string | undefined {
  if (value.tag === Tag.utf8String) return Buffer.from(value.content).toString('utf8');
  if (value.tag !== Tag.bmpString || value.content.length % 2 !== 0) return undefined;
  return Buffer.from(value.content).swap16().toString('utf16le');
}
