/** What the steps of the tour share: what they work on, and what they have to show. */
import type { WarifuClient } from '../../contract/contract.ts';
import { Problem } from '../../contract/problem.ts';
import type { CliText } from '../text/text.ts';

export interface Evidence {
  /** What was looked at; stable, for scripts. */
  readonly check: string;
  readonly observed: string;
}

export interface TourStep {
  readonly step: number;
  readonly title: string;
  readonly status: 'done';
  /** What was done, and the command it stands for. */
  readonly did: string;
  readonly replaces: string;
  readonly evidence: readonly Evidence[];
}

/** What the steps share. */
export interface TourContext {
  readonly client: WarifuClient;
  readonly text: CliText;
  /** Directory for artifacts; the one that `--keep` names, or a temporary one. */
  readonly directory: string;
  readonly backends: readonly string[];
  readonly hosts: readonly string[];
  readonly signal: AbortSignal;
}

/** Names that the tour gives to what it makes. */
export const names = {
  authority: 'Tour client CA',
  serverCertificate: 'tour-server',
  rollout: 'tour',
  loadBalancer: 'warifu-tour',
  client: 'Tour Client',
  host: 'www.warifu.test',
} as const;

/** A claim of the tour: evidence when it holds. @throws Problem TOUR_FAILED with what was seen instead */
export function claim(step: number, check: string, holds: boolean, observed: string): Evidence {
  if (!holds) throw new Problem('TOUR_FAILED', { step, check, observed });
  return { check, observed };
}
