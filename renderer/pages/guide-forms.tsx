/** How each step is done. What was done already can be done again: another certificate, another plan, another test. */
import { Button } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CertificateView } from '../../contract/certificate.ts';
import type { GuideStatus, GuideStep } from '../../contract/guide.ts';
import { useApi } from '../connection/api.tsx';
import { AuthorityForm } from '../parts/authority-form.tsx';
import { ClientForm } from '../parts/client-form.tsx';
import { Actions, Choice, Columns } from '../parts/form.tsx';
import { HandOver } from '../parts/hand-over.tsx';
import { Install } from '../parts/install.tsx';
import { Aside, Chip } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { RolloutForm } from '../parts/rollout-form.tsx';
import { ServerCertificateForm } from '../parts/server-certificate-form.tsx';
import { useVerification, VerificationProgress, VerificationResult } from '../parts/verification.tsx';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';

type StepProps = { readonly status: GuideStatus; readonly step: GuideStep };

export function GuideForm({ status, step }: StepProps) {
  const { text } = useSpeech();
  const [again, setAgain] = useState(false);
  // Certificates of a step that is done are in no hurry; forms for more of them open when asked for.
  const folded = step.state === 'done' && !again;
  switch (step.step) {
    case 'server-certificate':
      return folded ? (
        <Onward status={status} more={text.guide.another} onMore={() => setAgain(true)} />
      ) : (
        <ServerCertificateStep status={status} />
      );
    case 'authority':
      return folded ? (
        <Onward status={status} more={text.guide.another} onMore={() => setAgain(true)} />
      ) : (
        <AuthorityForm onDone={() => setAgain(false)} />
      );
    case 'client-certificate':
      return <ClientStep status={status} folded={folded} onMore={() => setAgain(true)} />;
    case 'upload':
    case 'listener':
      return folded ? (
        <Onward status={status} more={text.guide.planAgain} onMore={() => setAgain(true)} />
      ) : (
        <RolloutStepForm status={status} part={step.step} />
      );
    case 'install':
      return <InstallStep status={status} />;
    case 'test':
      return <TestStep status={status} />;
  }
}

/** The way on, when this step holds. */
function Onward(props: { status: GuideStatus; more: string; onMore: () => void }) {
  const { text } = useSpeech();
  const { next } = props.status;
  return (
    <Actions>
      {next ? (
        <Button appearance="primary" onClick={() => go('guide', next)}>
          {text.guide.onward(text.guide.step[next].name)}
        </Button>
      ) : (
        <Button appearance="primary" onClick={() => go('home')}>
          {text.guide.toHome}
        </Button>
      )}
      <Button onClick={props.onMore}>{props.more}</Button>
    </Actions>
  );
}

function ServerCertificateStep({ status }: { status: GuideStatus }) {
  const { query } = useApi();
  const all = useQuery(query.serverCertificate.list.queryOptions()).data ?? [];
  return (
    <ServerCertificateForm
      key={status.proposal.authority ?? ''}
      proposal={status.proposal}
      practice={status.account?.practice === true}
      pending={all.findLast(({ state }) => state === 'pending')}
    />
  );
}

function ClientStep(props: { status: GuideStatus; folded: boolean; onMore: () => void }) {
  const { text } = useSpeech();
  const [made, setMade] = useState<CertificateView | null>(null);
  const { authority } = props.status.proposal;
  if (authority === null) return <First step="authority" />;
  if (made)
    return (
      <>
        <span role="status">
          <Chip tone="proven">{text.certificates.issued(made.commonName)}</Chip>
        </span>
        <HandOver certificate={made} />
        <Onward status={props.status} more={text.guide.another} onMore={() => setMade(null)} />
      </>
    );
  return props.folded ? (
    <Onward status={props.status} more={text.guide.another} onMore={props.onMore} />
  ) : (
    <ClientForm key={authority} authority={authority} onDone={setMade} />
  );
}

function RolloutStepForm({ status, part }: { status: GuideStatus; part: 'upload' | 'listener' }) {
  const { account, proposal } = status;
  if (proposal.authority === null) return <First step="authority" />;
  if (proposal.serverCertificate === null) return <First step="server-certificate" />;
  if (account === null) return <NoAccount />;
  return (
    <RolloutForm
      key={`${account.name} ${proposal.authority} ${proposal.serverCertificate} ${proposal.rollout} ${proposal.backends.length}`}
      part={part}
      proposal={proposal}
      account={account.name}
    />
  );
}

function InstallStep({ status }: { status: GuideStatus }) {
  const { text } = useSpeech();
  const { query } = useApi();
  const { authority, client } = status.proposal;
  const [chosen, setChosen] = useState(client ?? '');
  const own = useQuery(
    query.certificate.list.queryOptions({
      input: { profile: 'client', state: 'valid', limit: 50, ...(authority ? { authority } : {}) },
      enabled: authority !== null,
    }),
  ).data;
  if (client === null) return <First step="client-certificate" />;
  const reference = chosen === '' ? client : chosen;
  const installed = status.steps.find(({ step }) => step === 'install')?.state === 'done';
  return (
    <>
      <Columns>
        <Choice
          label={text.install.certificate}
          value={reference}
          options={(own?.items ?? [])
            .filter(({ hasKey }) => hasKey)
            .map(({ id, commonName }) => [id, commonName])}
          onChange={setChosen}
        />
      </Columns>
      <Install certificate={reference} primary={!installed} />
      {installed && status.next !== 'install' && (
        <Actions>
          {status.next && (
            <Button appearance="primary" onClick={() => go('guide', status.next ?? undefined)}>
              {text.guide.onward(text.guide.step[status.next].name)}
            </Button>
          )}
        </Actions>
      )}
    </>
  );
}

function TestStep({ status }: { status: GuideStatus }) {
  const { text } = useSpeech();
  const { query } = useApi();
  const check = useVerification();
  const overview = useQuery(query.home.overview.queryOptions()).data;
  const listener = status.steps.find(({ step }) => step === 'listener');
  if (listener?.state === 'open') return <First step="listener" />;
  const { rollout } = status.proposal;
  const shown = check.result ?? overview?.evidence ?? null;
  return (
    <>
      <ProblemBar problem={check.problem} />
      <Actions>
        <Button
          appearance={status.next === null ? 'secondary' : 'primary'}
          disabled={check.running}
          onClick={() => void check.start({ name: rollout })}
        >
          {check.running ? text.test.running : text.test.run}
        </Button>
        {check.running && <Button onClick={check.cancel}>{text.common.cancel}</Button>}
        {status.next === null && !check.running && (
          <Button appearance="primary" onClick={() => go('home')}>
            {text.guide.toHome}
          </Button>
        )}
      </Actions>
      <VerificationProgress of={check} />
      {shown && !check.running && <VerificationResult cases={shown.cases} balance={shown.balance} />}
    </>
  );
}

function First({ step }: { step: GuideStep['step'] }) {
  const { text } = useSpeech();
  const { name } = text.guide.step[step];
  return (
    <>
      <Aside tone="action">{text.guide.first(name)}</Aside>
      <Actions>
        <Button appearance="primary" onClick={() => go('guide', step)}>
          {text.guide.onward(name)}
        </Button>
      </Actions>
    </>
  );
}

function NoAccount() {
  const { text } = useSpeech();
  return (
    <>
      <Aside tone="action">{text.guide.noAccount}</Aside>
      <Actions>
        <Button appearance="primary" onClick={() => go('practice')}>
          {text.pages.practice}
        </Button>
        <Button onClick={() => go('settings')}>{text.settings.addAccount}</Button>
      </Actions>
    </>
  );
}
