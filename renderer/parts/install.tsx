/** Step 5: into the certificate store of the person who sits here. */
import { Button, Checkbox } from '@fluentui/react-components';
import { useState } from 'react';
import type { InstallResult } from '../../contract/trust-store.ts';
import { useAction } from '../connection/api.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { Actions } from './form.tsx';
import { Aside, Chip } from './page.tsx';
import { ProblemBar } from './problem-bar.tsx';

export function Install({ certificate, primary }: { certificate: string; primary?: boolean }) {
  const { text } = useSpeech();
  const [trustCa, setTrustCa] = useState(false);
  const [done, setDone] = useState<InstallResult | null>(null);
  const install = useAction((client, agreed: boolean) =>
    client.trustStore.install({ identity: { certificate }, trustCa: agreed }),
  );
  return (
    <div>
      <Checkbox
        checked={trustCa}
        onChange={(_, { checked }) => setTrustCa(checked === true)}
        label={text.install.trustCa}
      />
      <ProblemBar problem={install.problem} onClose={install.clear} />
      <Actions>
        <Button
          appearance={primary ? 'primary' : 'secondary'}
          disabled={install.pending}
          onClick={async () => setDone((await install.run(trustCa)) ?? null)}
        >
          {install.pending ? text.common.working : text.install.install}
        </Button>
        {done && (
          <span role="status">
            <Chip tone="proven">
              {done.outcome === 'installed' ? text.install.installed : text.install.already}
              {text.common.colon}
              {done.store.label}
            </Chip>
          </span>
        )}
      </Actions>
      {done?.restartBrowser && <Aside tone="attention">{text.install.restartBrowser}</Aside>}
    </div>
  );
}
