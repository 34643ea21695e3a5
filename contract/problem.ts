import type { z } from 'zod';
import { auditProblems } from './problems/audit.ts';
import { authorityProblems } from './problems/authority.ts';
import { backupProblems } from './problems/backup.ts';
import { cloudProblems } from './problems/cloud.ts';
import type { Language, ProblemText } from './problems/define.ts';
import { faceProblems } from './problems/face.ts';
import { inputProblems } from './problems/input.ts';
import { kitProblems } from './problems/kit.ts';
import { pkcs12Problems } from './problems/pkcs12.ts';
import { probeProblems } from './problems/probe.ts';
import { registryProblems } from './problems/registry.ts';
import { rolloutProblems } from './problems/rollout.ts';
import { serverCertificateProblems } from './problems/server-certificate.ts';
import { slbProblems } from './problems/slb.ts';
import { transferProblems } from './problems/transfer.ts';
import { trustStoreProblems } from './problems/trust-store.ts';
import { vaultProblems } from './problems/vault.ts';

/** Every problem a procedure can report, with the shape of its data and its words. One room, one file. */
export const problems = {
  ...authorityProblems,
  ...backupProblems,
  ...cloudProblems,
  ...faceProblems,
  ...inputProblems,
  ...vaultProblems,
  ...registryProblems,
  ...auditProblems,
  ...probeProblems,
  ...transferProblems,
  ...pkcs12Problems,
  ...kitProblems,
  ...trustStoreProblems,
  ...rolloutProblems,
  ...serverCertificateProblems,
  ...slbProblems,
} as const;

export type ProblemCode = keyof typeof problems;
export type ProblemData<C extends ProblemCode> = z.infer<(typeof problems)[C]['data']>;

/**
 * The one error that crosses a face: a code and its data, never a stack, never a secret.
 * Thrown by the rooms of core; carried as a declared error of the contract.
 */
export class Problem<C extends ProblemCode = ProblemCode> extends Error {
  override readonly name = 'Problem';
  readonly code: C;
  readonly data: ProblemData<C>;

  constructor(code: C, data: ProblemData<C>) {
    super(describeProblem(code, data as Record<string, unknown>, 'en').what);
    this.code = code;
    this.data = data;
  }
}

/** The words for a problem in `language`, its data filled in. */
export function describeProblem(
  code: ProblemCode,
  data: Readonly<Record<string, unknown>>,
  language: Language,
): ProblemText {
  const text: ProblemText = problems[code].text[language];
  const fill = (template: string): string =>
    template.replace(/\{\{(\w+)\}\}/g, (_, field: string) => String(data[field] ?? ''));
  return {
    what: fill(text.what),
    remedy: fill(text.remedy),
    ...(text.kept === undefined ? {} : { kept: fill(text.kept) }),
  };
}
