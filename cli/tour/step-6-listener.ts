import { claim, names, type TourContext } from './evidence.ts';
import { request } from './step-4-upload.ts';

export async function configureListener(context: TourContext) {
  const { client, signal, text } = context;
  const events = await client.rollout.apply(request(context), { signal });
  let created = 0;
  for (;;) {
    const { done, value } = await events.next();
    if (done) {
      const again = await client.rollout.plan(request(context));
      const endpoint = value.endpoint ?? '';
      const step = {
        step: 6,
        did: text.tour.did.listener(endpoint),
        replaces:
          'aliyun slb CreateLoadBalancerHTTPSListener --Scheduler rr --CACertificateId …; aliyun slb StartLoadBalancerListener …',
        evidence: [
          ...value.checks.map(({ check, ok, observed }) => claim(6, check, ok, observed)),
          claim(6, 'resumed-without-a-second-upload', created === 0, `${created} uploads`),
          claim(
            6,
            'second-plan-is-empty',
            again.settled,
            again.settled
              ? 'nothing to change'
              : again.items.map(({ action, name }) => `${action} ${name}`).join(', '),
          ),
          claim(
            6,
            'rollout-recorded',
            (await client.rollout.list()).some(({ name }) => name === names.rollout),
            names.rollout,
          ),
        ],
      };
      return { step, endpoint };
    }
    if (value.type === 'call' && value.action.startsWith('Upload')) created++;
  }
}
