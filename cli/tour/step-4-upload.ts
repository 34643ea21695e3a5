import type { RolloutEvent, RolloutRequest } from '../../contract/rollout.ts';
import { claim, names, type TourContext } from './evidence.ts';

/** The same request in steps 4 and 6: what step 4 did, step 6 finds done. */
export function request({ backends }: TourContext): RolloutRequest {
  return {
    name: names.rollout,
    account: 'practice',
    serverCertificate: names.serverCertificate,
    authority: names.authority,
    loadBalancer: { create: { name: names.loadBalancer } },
    // Short intervals: this is a rehearsal, and everybody waits for it.
    listener: { healthCheck: { interval: 1, timeout: 1, healthyThreshold: 2, unhealthyThreshold: 2 } },
    backends: backends.map((serverId) => ({ serverId })),
  };
}

/**
 * Uploads both certificates and stops at the next step, as somebody would who is called away; step 6 goes on from there.
 * That proves, by the way, that a rollout resumes.
 */
export async function uploadCertificates(context: TourContext) {
  const { client, text } = context;
  const controller = new AbortController();
  const uploaded: Extract<RolloutEvent, { type: 'step' }>[] = [];
  try {
    const signal = AbortSignal.any([controller.signal, context.signal]);
    for await (const event of await client.rollout.apply(request(context), { signal })) {
      if (event.type !== 'step' || event.state !== 'done') continue;
      if (event.step === 'server-certificate' || event.step === 'ca-certificate') uploaded.push(event);
      if (event.step === 'ca-certificate') controller.abort();
    }
  } catch (error) {
    if (!controller.signal.aborted) throw error;
  }
  const of = (step: string): string => uploaded.find((event) => event.step === step)?.id ?? '';
  return {
    step: 4,
    did: text.tour.did.upload,
    replaces: 'aliyun slb UploadServerCertificate …; aliyun slb UploadCACertificate …',
    evidence: [
      claim(4, 'server-certificate-id', of('server-certificate') !== '', of('server-certificate')),
      claim(4, 'ca-certificate-id', of('ca-certificate') !== '', of('ca-certificate')),
    ],
  };
}
