/** The seven steps of the tutorial on the simulator, each with evidence: everything through the contract, as a face does. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../contract/problem.ts';
import { type Core, createCore } from '../../core/create-core.ts';
import { openSimulator } from '../practice.ts';
import type { CliText } from '../text/text.ts';
import { names, type TourContext, type TourStep } from './evidence.ts';
import { answerRequest, requestServerCertificate } from './step-1-server-certificate.ts';
import { makeAuthority } from './step-2-authority.ts';
import { makeClientCertificate } from './step-3-client-certificate.ts';
import { uploadCertificates } from './step-4-upload.ts';
import { installOnClient } from './step-5-install.ts';
import { configureListener } from './step-6-listener.ts';
import { testIt } from './step-7-test.ts';

export interface TourResult {
  readonly ok: true;
  readonly steps: readonly TourStep[];
  /** Paths of what `--keep` left; empty without it. */
  readonly artifacts: Readonly<Record<string, string>>;
  readonly endpoint: string;
}

export interface TourOptions {
  readonly text: CliText;
  readonly keep?: string;
  /** Passphrase for the vault of the tour; a random one is made, and forgotten, when absent. */
  readonly passphrase?: string;
  readonly onStep: (step: TourStep) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs the tour. Nothing outside of `keep` (or a temporary directory that is removed) is touched.
 * @throws Problem FILE_EXISTS when `keep` already holds a tour; TOUR_FAILED; those of the steps
 */
export async function runTour({ text, keep, passphrase, onStep, signal }: TourOptions): Promise<TourResult> {
  const scratch = mkdtempSync(join(tmpdir(), 'warifu-tour-'));
  const directory = keep ?? scratch;
  let core: Core | undefined;
  try {
    const personHome = join(scratch, 'person');
    mkdirSync(personHome, { mode: 0o700 });
    const home = openHome(directory);
    core = createCore({ home, keychain: null, startPractice: openSimulator, storeHome: personHome });
    const { client } = core;
    await client.vault.initialize({ passphrase: passphrase ?? randomBytes(24).toString('base64url') });
    const practice = await client.practice.start({ port: 0 });
    const context: TourContext = {
      client,
      text,
      directory,
      backends: practice.backends.map(({ serverId }) => serverId),
      hosts: [names.host, 'localhost', ...new Set([practice.nextAddress!, '127.0.0.1'])],
      signal,
    };
    const { steps, artifacts, endpoint } = await takeSteps(context, onStep);
    return { ok: true, steps, endpoint, artifacts: keep === undefined ? {} : { ...artifacts, home } };
  } finally {
    await core?.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The home must be new: a tour on top of another would prove nothing. */
function openHome(directory: string): string {
  const home = join(directory, 'home');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    mkdirSync(home, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new Problem('FILE_EXISTS', { path: home });
    throw new Problem('FILE_UNWRITABLE', { path: home, reason: code ?? 'error' });
  }
  return home;
}

async function takeSteps(context: TourContext, onStep: (step: TourStep) => void) {
  const steps: TourStep[] = [];
  const finish = (step: Omit<TourStep, 'title' | 'status'>): void => {
    context.signal.throwIfAborted();
    const done: TourStep = { ...step, title: context.text.tour.steps[step.step - 1]!, status: 'done' };
    steps.push(done);
    onStep(done);
  };
  // As with a public CA, the request of step 1 is answered by a CA; in Practice that is the one of step 2.
  const requested = await requestServerCertificate(context);
  const authority = await makeAuthority(context);
  const answered = await answerRequest(context, requested);
  finish(answered.step);
  finish(authority.step);
  const client = await makeClientCertificate(context);
  finish(client.step);
  finish(await uploadCertificates(context));
  finish(await installOnClient(context, client));
  const listener = await configureListener(context);
  finish(listener.step);
  finish(await testIt(context, client.reference));
  return {
    steps,
    artifacts: { ...authority.artifacts, ...answered.artifacts, ...client.artifacts },
    endpoint: listener.endpoint,
  };
}
