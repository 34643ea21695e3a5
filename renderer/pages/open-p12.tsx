/** A .p12 of any origin: what is inside, where it would or would not import, and into this computer's store. */
import { Button, Checkbox, Input, makeStyles } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { Pkcs12Contents, Pkcs12Identity, Pkcs12Target } from '../../contract/pkcs12.ts';
import { describeReason } from '../../contract/pkcs12-reasons.ts';
import type { InstallResult } from '../../contract/trust-store.ts';
import { useAction } from '../connection/api.tsx';
import { forgetHanded, type Handed, useHanded } from '../connection/handed-file.ts';
import { look } from '../look/theme.ts';
import { Copyable } from '../parts/copyable.tsx';
import { Facts } from '../parts/facts.tsx';
import { FileField } from '../parts/file-field.tsx';
import { Actions, Columns, TextField } from '../parts/form.tsx';
import { Aside, Card, Chip, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { base64Of, saveFile } from '../parts/save-file.ts';
import { TrustChain } from '../pictures/trust-chain.tsx';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  cards: { display: 'grid', gap: '14px' },
  gap: { margin: '12px 0' },
  targets: { listStyleType: 'none', margin: 0, padding: 0 },
  target: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) 110px minmax(0, 5fr) max-content',
    columnGap: '12px',
    alignItems: 'start',
    padding: '8px 0',
    borderTop: `1px solid ${look.hairline}`,
    fontSize: '14px',
    lineHeight: '20px',
    ':first-child': { borderTopWidth: 0 },
  },
});

interface Opened {
  readonly pkcs12: string;
  readonly password: string;
  readonly contents: Pkcs12Contents;
}

export function OpenP12() {
  const handed = useHanded();
  // What was handed over is opened once; coming back to the page later begins anew.
  useEffect(() => forgetHanded, []);
  // Each arrival begins anew, whatever the last one had come to.
  return <Opening key={handed?.number ?? 0} handed={handed} />;
}

function Opening({ handed }: { handed: Handed | null }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const [file, setFile] = useState<File | null>(handed?.file ?? null);
  const [refused, setRefused] = useState(handed?.problem ?? null);
  const [password, setPassword] = useState('');
  const [opened, setOpened] = useState<Opened | null>(null);
  const open = useAction(async (client, chosen: File): Promise<Opened> => {
    const pkcs12 = await base64Of(chosen);
    const contents = await client.pkcs12.inspect({ pkcs12, password });
    return { pkcs12, password, contents };
  });
  const labels = text.p12;
  return (
    <Page title={text.pages['open-p12']} subtitle={labels.subtitle}>
      <div className={styles.cards}>
        <Card>
          <form
            onSubmit={async (event) => {
              event.preventDefault();
              if (file) setOpened((await open.run(file)) ?? null);
            }}
          >
            <Columns>
              <FileField
                label={labels.file}
                kind="pkcs12"
                given={handed?.file}
                onFiles={([first]) => {
                  setRefused(null);
                  setFile(first ?? null);
                  setOpened(null);
                }}
              />
              <TextField label={labels.password}>
                <Input
                  type="password"
                  autoComplete="off"
                  value={password}
                  onChange={(_, { value }) => setPassword(value)}
                />
              </TextField>
            </Columns>
            <ProblemBar problem={refused} onClose={() => setRefused(null)} />
            <ProblemBar problem={open.problem} onClose={open.clear} />
            <Actions>
              <Button appearance="primary" type="submit" disabled={file === null || open.pending}>
                {labels.look}
              </Button>
            </Actions>
          </form>
        </Card>
        {opened?.contents.identities.map((identity, at) => (
          <Identity key={identity.certificate?.thumbprint ?? at} identity={identity} opened={opened} />
        ))}
        {opened && (
          <Card title={labels.where}>
            <Targets opened={opened} />
          </Card>
        )}
      </div>
    </Page>
  );
}

function Identity({ identity, opened }: { identity: Pkcs12Identity; opened: Opened }) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const [trustCa, setTrustCa] = useState(false);
  const [done, setDone] = useState<InstallResult | null>(null);
  const { certificate } = identity;
  const install = useAction((client) =>
    client.trustStore.install({
      identity: {
        pkcs12: opened.pkcs12,
        password: opened.password,
        ...(certificate ? { thumbprint: certificate.thumbprint } : {}),
      },
      trustCa,
    }),
  );
  const labels = text.p12;
  if (!certificate)
    return (
      <Card title={identity.friendlyName ?? labels.noCertificate}>
        <Quiet>{labels.noCertificate}</Quiet>
      </Card>
    );
  return (
    <Card title={identity.friendlyName ?? certificate.subject}>
      <TrustChain
        links={[
          ...identity.chain
            .toReversed()
            .map(({ subject, key }) => ({ name: subject, note: key, tone: 'action' as const })),
          {
            name: certificate.subject,
            note: certificate.key,
            tone: identity.matches ? 'proven' : 'danger',
          },
        ]}
      />
      {!identity.matches && <Aside tone="danger">{labels.otherKey}</Aside>}
      <div className={styles.gap}>
        <Facts
          of={[
            [text.certificates.from, format.date(certificate.notBefore)],
            [
              text.certificates.ends,
              `${format.date(certificate.notAfter)} · ${format.relative(certificate.notAfter)}`,
            ],
            [text.certificates.serial, <Copyable key="serial" value={certificate.serial} keep={8} />],
            [text.certificates.fingerprint, <Copyable key="print" value={certificate.thumbprint} keep={8} />],
          ]}
        />
      </div>
      <Checkbox
        checked={trustCa}
        onChange={(_, { checked }) => setTrustCa(checked === true)}
        label={text.install.trustCa}
      />
      <ProblemBar problem={install.problem} onClose={install.clear} />
      <Actions>
        <Button
          disabled={install.pending}
          onClick={async () => setDone((await install.run(undefined)) ?? null)}
        >
          {text.install.title}
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
    </Card>
  );
}

/** A verdict for each system, and for one that refuses the file a new file that it takes. */
function Targets({ opened }: { opened: Opened }) {
  const { text, language } = useSpeech();
  const styles = useStyles();
  const [password, setPassword] = useState<string | null>(null);
  const rewrap = useAction(async (client, target: Pkcs12Target) => {
    const made = await client.pkcs12.rewrap({ pkcs12: opened.pkcs12, password: opened.password, target });
    if (await saveFile(made.fileName, made.bytes, 'application/x-pkcs12')) setPassword(made.password);
  });
  const labels = text.p12;
  const tones = { yes: 'proven', no: 'danger', uncertain: 'attention' } as const;
  return (
    <>
      <ul className={styles.targets}>
        {opened.contents.targets.map(({ target, imports, reasons }) => (
          <li key={target} className={styles.target}>
            <span>{labels.targets[target]}</span>
            <span>
              <Chip tone={tones[imports]}>{labels.imports[imports]}</Chip>
            </span>
            <span>{reasons.map((reason) => describeReason(reason, language)).join(' ')}</span>
            <span>
              {imports !== 'yes' && (
                <Button size="small" disabled={rewrap.pending} onClick={() => void rewrap.run(target)}>
                  {labels.rewrap}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      <ProblemBar problem={rewrap.problem} onClose={rewrap.clear} />
      {password !== null && (
        <div role="status">
          <Aside tone="action" title={text.certificates.passwordOnce}>
            <code>{password}</code>
          </Aside>
        </div>
      )}
    </>
  );
}
