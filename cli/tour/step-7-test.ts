import type { ProbeCase } from '../../contract/probe.ts';
import { claim, names, type TourContext } from './evidence.ts';

const requests = 20;
const noCertificate = 'No required SSL certificate was sent';
const badCertificate = 'The SSL certificate error';

export async function testIt({ client, signal, text, backends }: TourContext, reference: string) {
  const events = await client.rollout.verify(
    { name: names.rollout, client: reference, requests },
    { signal },
  );
  let next = await events.next();
  while (!next.done) next = await events.next();
  const result = next.value;
  const of = (name: ProbeCase['case']): ProbeCase => result.cases.find((item) => item.case === name)!;
  const refused = (name: ProbeCase['case'], page: string) => {
    const observed = seen(of(name));
    return claim(7, name, observed.startsWith('400') && observed.includes(page), observed);
  };
  const right = of('right-certificate');
  const spread = result.balance?.backends.map(({ name, count }) => `${name} ${count}`).join(', ') ?? 'none';
  const even =
    result.balance?.backends.length === backends.length &&
    result.balance.backends.every(({ count }) => count === requests / backends.length);
  return {
    step: 7,
    did: text.tour.did.test,
    replaces: 'curl --cert client.crt --key client.key https://…, again and again, and a look at the console',
    evidence: [
      claim(7, 'right-certificate', seen(right).startsWith('200'), seen(right)),
      claim(
        7,
        'requests-spread-evenly',
        even && result.balance!.failed === 0,
        `${requests} requests: ${spread}`,
      ),
      refused('no-certificate', noCertificate),
      refused('wrong-ca', badCertificate),
      refused('expired', badCertificate),
      refused('not-yet-valid', badCertificate),
      refused('server-auth-only', badCertificate),
      claim(
        7,
        'server-verified',
        result.server?.verified === true && result.server.coversName,
        `${result.server?.name ?? ''} ${result.server?.chain[0]?.subject ?? ''}`,
      ),
      claim(
        7,
        'advertised-ca',
        result.authorities.visible && result.authorities.names.length === 1,
        result.authorities.visible
          ? result.authorities.names.map(({ text: name }) => name).join('; ')
          : result.authorities.reason,
      ),
      claim(
        7,
        'mutual-tls-holds',
        result.ok,
        result.versions
          .filter(({ accepted }) => accepted)
          .map(({ version }) => version)
          .join(', '),
      ),
    ],
  };
}

function seen({ observation }: ProbeCase): string {
  if (observation === null) return 'not tested';
  if (observation.kind !== 'page') return observation.kind;
  const title = observation.title ?? '';
  return title.startsWith(`${observation.status}`) ? title : `${observation.status} ${title}`;
}
