/** CRLs: built from the revocations table alone, numbered without a gap going backwards. */

import { Problem } from '../../contract/problem.ts';
import { audit, type CoreContext, now } from '../context.ts';
import type { AuthorityRecord, CrlRecord } from '../registry/records.ts';
import type { Rows } from '../registry/registry.ts';
import { signStructure } from '../x509/certificate.ts';
import { buildTbsCertList, type CrlEntry } from '../x509/crl.ts';
import { lintTbsCertList } from '../x509/lint.ts';
import { type Issuer, openIssuer } from './issue.ts';

const dayMs = 86_400_000;

/**
 * Signs the next CRL of `authority`. Number, CRL and audit record are one transaction, so two Warifus at once
 * never give the same number to different lists.
 * @throws Problem VAULT_LOCKED, AUTHORITY_KEY_ABSENT, AUTHORITY_EXPIRED, SIGNATURE_NOT_APPROVED, LINT_REFUSED
 */
export function publishCrl(context: CoreContext, authority: AuthorityRecord): CrlRecord {
  const issuer = openIssuer(context, authority);
  return context.registry.write((rows) => signCrl(context, rows, authority, issuer));
}

/** The same within the caller's transaction: the first CRL of a CA comes with the CA. @throws Problem LINT_REFUSED */
export function signCrl(
  context: CoreContext,
  rows: Rows,
  authority: AuthorityRecord,
  issuer: Pick<Issuer, 'certificate' | 'signer'>,
): CrlRecord {
  const thisUpdate = now(context);
  const nextUpdate = new Date(thisUpdate.getTime() + authority.crlDays * dayMs);
  const number = rows.crls.nextNumber(authority.id);
  let entries = 0;
  const revoked = function* (): Generator<CrlEntry> {
    for (const { serial, reason, revokedAt, invalidityAt } of rows.revocations.iterate(authority.id)) {
      entries++;
      yield {
        serial,
        reason,
        revokedAt: new Date(revokedAt),
        ...(invalidityAt === null ? {} : { invalidityAt: new Date(invalidityAt) }),
      };
    }
  };
  const template = {
    issuer: issuer.certificate.subject,
    number,
    thisUpdate,
    nextUpdate,
    authorityKeyIdentifier: Buffer.from(authority.keyIdentifier, 'hex'),
  };
  const tbs = buildTbsCertList(template, revoked(), issuer.signer.algorithm);
  const refused = lintTbsCertList(tbs, issuer.certificate).find(({ severity }) => severity === 'error');
  if (refused) throw new Problem('LINT_REFUSED', { rule: refused.id, message: refused.message });
  const der = signStructure(tbs, issuer.signer);
  const record: CrlRecord = {
    authorityId: authority.id,
    number,
    thisUpdate: thisUpdate.toISOString(),
    nextUpdate: nextUpdate.toISOString(),
    entries,
    der,
  };
  rows.crls.insert(record);
  audit(context, rows, 'crl.published', { authority: authority.name, number, entries });
  return record;
}
