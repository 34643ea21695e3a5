/** Why does my browser not offer the certificate? Looked at, not guessed; nothing is changed. */
import { Button, Input, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeDiagnosis } from '../../contract/diagnosis-words.ts';
import type { Diagnosis } from '../../contract/trust-store.ts';
import { useAction, useApi } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { Actions, Choice, Columns, TextField } from '../parts/form.tsx';
import { Card, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  cards: { display: 'grid', gap: '14px' },
  list: { listStyleType: 'none', margin: 0, padding: 0, fontSize: '14px', lineHeight: '20px' },
  row: { display: 'flex', gap: '10px', padding: '6px 0', overflowWrap: 'anywhere' },
  good: { color: look.provenText, width: '16px', flexShrink: 0 },
  bad: { color: look.dangerText, width: '16px', flexShrink: 0 },
  unknown: { color: look.quietText, width: '16px', flexShrink: 0 },
});

export function BrowserCheck() {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const stores = useQuery(query.trustStore.list.queryOptions({ input: {} })).data ?? [];
  const [store, setStore] = useState('');
  const [site, setSite] = useState('');
  const [result, setResult] = useState<Diagnosis | null>(null);
  const check = useAction((client) => {
    // A name, or a whole address as people copy it.
    const url =
      site.trim() === '' ? null : new URL(site.includes('://') ? site.trim() : `https://${site.trim()}`);
    return client.trustStore.diagnose({
      ...(store === '' ? {} : { store }),
      ...(url ? { target: { host: url.hostname, port: Number(url.port || 443) } } : {}),
    });
  });
  const labels = text.browserCheck;
  const siteFits =
    site.trim() === '' || URL.canParse(site.includes('://') ? site.trim() : `https://${site.trim()}`);
  return (
    <Page title={text.pages['browser-check']} subtitle={labels.subtitle}>
      <div className={styles.cards}>
        <Card>
          <form
            onSubmit={async (event) => {
              event.preventDefault();
              setResult((await check.run(undefined)) ?? null);
            }}
          >
            <Columns>
              <Choice
                label={labels.store}
                value={store}
                options={[
                  ['', labels.usedStore],
                  ...stores.map(({ store: { id, label } }) => [id, label] as const),
                ]}
                onChange={setStore}
              />
              <TextField label={labels.site} hint={labels.siteHint}>
                <Input value={site} onChange={(_, { value }) => setSite(value)} />
              </TextField>
            </Columns>
            <ProblemBar problem={check.problem} onClose={check.clear} />
            <Actions>
              <Button appearance="primary" type="submit" disabled={check.pending || !siteFits}>
                {check.pending ? text.common.working : labels.check}
              </Button>
            </Actions>
          </form>
        </Card>
        {result && (
          <Card title={result.store.label}>
            <Findings of={result} />
          </Card>
        )}
      </div>
    </Page>
  );
}

function Findings({ of }: { of: Diagnosis }) {
  const { text, language } = useSpeech();
  const styles = useStyles();
  return (
    <ul className={styles.list} role="status">
      {of.findings.map((finding) => {
        const { what, remedy } = describeDiagnosis(finding, language);
        const { ok, check } = finding;
        const clicked = text.browserCheck.remedies[check as keyof typeof text.browserCheck.remedies];
        return (
          <li key={`${finding.check} ${finding.certificate ?? ''}`} className={styles.row}>
            <span
              className={ok === null ? styles.unknown : ok ? styles.good : styles.bad}
              role="img"
              aria-label={ok === null ? text.guide.note : ok ? text.guide.holds : text.guide.holdsNot}
            >
              {ok === null ? '?' : ok ? '✓' : '✕'}
            </span>
            <div>
              {what}
              {remedy !== undefined && <Quiet>{clicked ?? remedy}</Quiet>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
