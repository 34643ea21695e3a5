/** Rules on distinguished names, shared by certificates, requests and CRLs. They look at the encoding, not at the text. */
import { DerReader, Tag } from '../der.ts';
import { quotable } from '../errors.ts';
import { type AttributeRule, attributeRules, hasUnsafeCharacter, type Name, readText } from '../name.ts';
import type { Rule } from './rule.ts';

interface EncodedAttribute {
  readonly type: string;
  /** Identifier octet of the value. */
  readonly tag: number;
  readonly value: string;
  readonly rule: AttributeRule | undefined;
}

function encodedAttributes({ der }: Name): readonly EncodedAttribute[] {
  const attributes: EncodedAttribute[] = [];
  const rdns = DerReader.over(der, 'name').enter();
  while (!rdns.atEnd) {
    const rdn = rdns.enter(Tag.set);
    while (!rdn.atEnd) {
      const attribute = rdn.enter();
      const type = attribute.oid();
      const tag = attribute.peek() ?? 0;
      attributes.push({
        type,
        tag,
        value: readText(attribute),
        rule: attributeRules.find((rule) => rule.oid === type),
      });
    }
  }
  return attributes;
}

const label = ({ type, rule, value }: EncodedAttribute): string =>
  `${rule?.short ?? type}=${quotable(value)}`;

/** The rules of {@link encodedAttributes} for the names that `namesOf` takes out of a subject. */
export function nameRules<Subject>(namesOf: (subject: Subject) => readonly Name[]): readonly Rule<Subject>[] {
  const first = (
    subject: Subject,
    wrong: (attribute: EncodedAttribute) => string | undefined,
  ): string | undefined => {
    for (const attribute of namesOf(subject).flatMap(encodedAttributes)) {
      const reason = wrong(attribute);
      if (reason !== undefined) return `${label(attribute)}: ${reason}`;
    }
    return undefined;
  };
  return [
    {
      id: 'rfc5280-A.1-country-two-letters',
      section: 'RFC 5280 Appendix A.1',
      severity: 'error',
      check: (subject) =>
        first(subject, ({ tag, value, rule }) =>
          rule?.short === 'C' && (tag !== Tag.printableString || !/^[A-Z]{2}$/.test(value))
            ? 'not a PrintableString of two capital letters'
            : undefined,
        ),
    },
    {
      id: 'rfc5280-A.1-printable-string-types',
      section: 'RFC 5280 Appendix A.1',
      severity: 'error',
      check: (subject) =>
        first(subject, ({ tag, rule }) =>
          rule?.tag === Tag.printableString && rule.short !== 'C' && tag !== Tag.printableString
            ? 'not a PrintableString'
            : undefined,
        ),
    },
    {
      id: 'rfc5280-A.1-ia5-string-types',
      section: 'RFC 5280 §4.1.2.6',
      severity: 'error',
      check: (subject) =>
        first(subject, ({ tag, rule }) =>
          rule?.tag === Tag.ia5String && tag !== Tag.ia5String ? 'not an IA5String' : undefined,
        ),
    },
    {
      id: 'rfc5280-4.1.2.4-directory-string-type',
      section: 'RFC 5280 §4.1.2.4',
      severity: 'warning',
      check: (subject) =>
        first(subject, ({ tag, rule }) =>
          rule?.tag === Tag.utf8String && tag !== Tag.utf8String && tag !== Tag.printableString
            ? 'neither UTF8String nor PrintableString'
            : undefined,
        ),
    },
    {
      id: 'rfc5280-A.1-printable-string-characters',
      section: 'X.680 §41.4',
      severity: 'error',
      check: (subject) =>
        first(subject, ({ tag, value }) =>
          tag === Tag.printableString && !/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value)
            ? 'characters that a PrintableString does not have'
            : undefined,
        ),
    },
    {
      id: 'rfc5280-A.1-attribute-length',
      section: 'RFC 5280 Appendix A.1',
      severity: 'error',
      check: (subject) =>
        first(subject, ({ value, rule }) => {
          const length = [...value].length;
          if (length === 0) return 'empty';
          return rule && length > rule.max ? `${length} characters, at most ${rule.max}` : undefined;
        }),
    },
    {
      id: 'unicode-tr36-no-control-characters',
      section: 'Unicode TR 36 §2',
      severity: 'error',
      check: (subject) =>
        first(subject, ({ value }) =>
          hasUnsafeCharacter(value) ? 'control or direction characters' : undefined,
        ),
    },
  ];
}
