/** Step 1: the listener's certificate: from an own CA, bought, or requested from a public CA. */
import { Button, Input, Radio, RadioGroup } from '@fluentui/react-components';
import { useState } from 'react';
import type { GuideProposal } from '../../contract/guide.ts';
import type { ServerCertificateView } from '../../contract/server-certificate.ts';
import {
  describeFinding,
  type ServerCertificateFinding,
} from '../../contract/server-certificate-findings.ts';
import { useAction } from '../connection/api.tsx';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';
import { FileField } from './file-field.tsx';
import { Actions, Columns, TextField } from './form.tsx';
import { Aside } from './page.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { SaveButton } from './save-button.tsx';
import { base64Of, saveText } from './save-file.ts';
import { listOf } from './subject.ts';

type Way = 'issue' | 'import' | 'request' | 'complete';

export function ServerCertificateForm({
  proposal,
  practice,
  pending,
}: {
  proposal: GuideProposal;
  practice: boolean;
  /** A request that waits for a CA's answer. */
  pending: ServerCertificateView | undefined;
}) {
  const { text } = useSpeech();
  const [way, setWay] = useState<Way>(practice ? 'issue' : pending ? 'complete' : 'import');
  const [name, setName] = useState('server');
  const [hosts, setHosts] = useState(proposal.hosts.join(', '));
  const [files, setFiles] = useState<readonly File[]>([]);
  const [password, setPassword] = useState('');
  const [requested, setRequested] = useState<{ readonly name: string; readonly pem: string } | null>(null);
  const [findings, setFindings] = useState<readonly ServerCertificateFinding[]>([]);
  const labels = text.serverCertificate;
  const work = useAction(async (client) => {
    if (way === 'issue') {
      const { findings: found } = await client.serverCertificate.issue({
        name,
        authority: proposal.authority!,
        hosts: listOf(hosts),
      });
      return found;
    }
    if (way === 'request') {
      const made = await client.serverCertificate.request({ name, hosts: listOf(hosts) });
      // Its key is made; a request that was not saved now can be saved later.
      const request = { name: made.name, pem: made.requestPem ?? '' };
      setRequested(request);
      await saveText(`${request.name}.csr`, request.pem);
      return [];
    }
    const given = {
      files: await Promise.all(files.map(base64Of)),
      ...(password === '' ? {} : { password }),
    };
    const { findings: found } =
      way === 'import'
        ? await client.serverCertificate.import({ name, ...given })
        : await client.serverCertificate.complete({ certificate: pending!.name, ...given });
    return found;
  });
  const needsFiles = way === 'import' || way === 'complete';
  const noAuthority = way === 'issue' && proposal.authority === null;
  return (
    <form
      noValidate
      onSubmit={async (event) => {
        event.preventDefault();
        setFindings((await work.run(undefined)) ?? []);
      }}
    >
      <RadioGroup
        layout="horizontal"
        aria-label={labels.way}
        value={way}
        onChange={(_, { value }) => setWay(value as Way)}
      >
        <Radio value="issue" label={labels.ways.issue} />
        <Radio value="import" label={labels.ways.import} />
        <Radio value="request" label={labels.ways.request} />
        {pending && <Radio value="complete" label={labels.ways.complete(pending.name)} />}
      </RadioGroup>
      {noAuthority ? (
        <>
          <Aside tone="action">{labels.authorityFirst}</Aside>
          <Actions>
            <Button appearance="primary" onClick={() => go('guide', 'authority')}>
              {labels.toAuthority}
            </Button>
          </Actions>
        </>
      ) : (
        <>
          <Columns>
            {way !== 'complete' && (
              <TextField label={labels.name}>
                <Input value={name} onChange={(_, { value }) => setName(value)} />
              </TextField>
            )}
            {!needsFiles && (
              <TextField label={labels.hosts} hint={labels.hostsHint} wide>
                <Input value={hosts} onChange={(_, { value }) => setHosts(value)} />
              </TextField>
            )}
            {needsFiles && (
              <>
                <FileField label={labels.files} hint={labels.filesHint} multiple onFiles={setFiles} />
                <TextField label={labels.password} hint={labels.passwordHint}>
                  <Input
                    type="password"
                    autoComplete="off"
                    value={password}
                    onChange={(_, { value }) => setPassword(value)}
                  />
                </TextField>
              </>
            )}
          </Columns>
          <ProblemBar problem={work.problem} onClose={work.clear} />
          <Findings of={findings} />
          {requested && (
            <div role="status">
              <Aside tone="action" title={labels.requested(requested.name)}>
                {labels.requestedNote}
              </Aside>
              <Actions>
                <SaveButton
                  size="small"
                  label={labels.saveRequest}
                  save={() => saveText(`${requested.name}.csr`, requested.pem)}
                />
              </Actions>
            </div>
          )}
          <Actions>
            <Button
              appearance="primary"
              type="submit"
              disabled={
                work.pending ||
                name.trim() === '' ||
                (needsFiles ? files.length === 0 : listOf(hosts).length === 0)
              }
            >
              {work.pending ? text.common.working : labels.acts[way]}
            </Button>
          </Actions>
        </>
      )}
    </form>
  );
}

function Findings({ of }: { of: readonly ServerCertificateFinding[] }) {
  const { language } = useSpeech();
  return of.map((finding) => {
    const { what, remedy } = describeFinding(finding, language);
    return (
      <Aside key={finding.code} tone={finding.severity === 'note' ? 'action' : 'attention'} title={what}>
        {remedy}
      </Aside>
    );
  });
}
