import { z } from 'zod';

/** The languages every text exists in. */
export const languages = ['en', 'ja', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/**
 * What a person is told: what was wrong, what was kept as it was, what to do next.
 * `{{name}}` stands for a field of the problem's data.
 */
export interface ProblemText {
  readonly what: string;
  readonly kept?: string;
  readonly remedy: string;
}

/** `failed`: could not be done (exit 1). `usage`: asked wrongly (exit 2). `refused`: policy says no (exit 3). */
export type ProblemKind = 'failed' | 'usage' | 'refused';

export interface ProblemDefinition<S extends z.ZodType = z.ZodType> {
  readonly kind: ProblemKind;
  readonly data: S;
  readonly text: Readonly<Record<Language, ProblemText>>;
}

/** Declares one problem: the shape of its data and its words in every language, so that neither can be forgotten. */
export function problem<S extends z.ZodRawShape>(
  kind: ProblemKind,
  shape: S,
  text: Readonly<Record<Language, ProblemText>>,
): ProblemDefinition<z.ZodObject<S>> {
  return { kind, data: z.object(shape), text };
}
