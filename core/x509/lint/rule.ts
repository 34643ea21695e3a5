/** What a lint rule is. Rules are data: each one names its section, says one thing, and can be read alone. */

/** An `error` must not be signed; a `warning` is a recommendation (SHOULD) or a custom of relying parties. */
export type Severity = 'error' | 'warning';

export interface Rule<Subject> {
  /** `<document>-<section>-<what must hold>`. */
  readonly id: string;
  readonly section: string;
  readonly severity: Severity;
  /** What is wrong, in a few words; undefined when the rule holds. May throw X509Error on malformed parts. */
  readonly check: (subject: Subject) => string | undefined;
}

export interface Finding {
  readonly id: string;
  readonly section: string;
  readonly severity: Severity;
  readonly message: string;
}
