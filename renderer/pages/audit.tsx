/** What happened here, newest first, in a chain that shows when a link was altered. */
import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { auditBreakWords, auditMissingWords } from '../../contract/audit-words.ts';
import { useAction, useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { look } from '../look/theme.ts';
import { Copyable, shortened } from '../parts/copyable.tsx';
import { useObserved } from '../parts/evidence.tsx';
import { Card, Chip, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  card: { padding: '4px 8px 8px', overflowX: 'auto' },
  table: { width: '100%', borderCollapse: 'collapse', fontSize: '13px', lineHeight: '20px' },
  head: {
    textAlign: 'left',
    fontSize: '12px',
    fontWeight: tokens.fontWeightSemibold,
    color: look.quietText,
    padding: '6px 10px',
    whiteSpace: 'nowrap',
  },
  cell: {
    padding: '6px 10px',
    borderTop: `1px solid ${look.hairline}`,
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
  },
  number: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  subject: { color: look.quietText },
  pager: { display: 'flex', gap: '8px', justifyContent: 'flex-end', marginTop: '8px' },
  verdict: { marginBottom: '12px' },
});

const pageSize = 50;

export function Audit() {
  const { text, format, language } = useSpeech();
  const styles = useStyles();
  const observed = useObserved();
  const { query } = useApi();
  const [from, setFrom] = useState<number | null>(null);
  const log = useQuery(
    query.audit.show.queryOptions({
      input: { limit: pageSize, ...(from === null ? {} : { from }) },
      placeholderData: keepPreviousData,
    }),
  );
  const verify = useAction((client) => client.audit.verify({}));
  const [verdict, setVerdict] = useState<Awaited<ReturnType<typeof verify.run>>>(undefined);
  const entries = log.data?.entries.toReversed() ?? [];
  const first = entries.at(-1)?.seq ?? 1;
  const last = entries[0]?.seq ?? 0;
  const total = log.data?.total ?? 0;
  const labels = text.audit;
  return (
    <Page
      title={text.pages.audit}
      subtitle={labels.subtitle}
      actions={
        <Button
          appearance="primary"
          disabled={verify.pending}
          onClick={async () => setVerdict(await verify.run(undefined))}
        >
          {labels.verify}
        </Button>
      }
    >
      <ProblemBar problem={verify.problem ?? (log.error ? problemOf(log.error) : null)} />
      {verdict && (
        <div className={styles.verdict} role="status">
          <Chip tone={verdict.ok ? 'proven' : 'danger'}>
            {verdict.broken
              ? labels.broken(verdict.broken.seq, auditBreakWords[language][verdict.broken.kind])
              : verdict.ok
                ? labels.unbroken(verdict.records)
                : labels.missing(verdict.missing.length)}
          </Chip>
          {verdict.missing.map(({ seq, what, id }) => (
            <Quiet key={seq}>
              {labels.missingItem(seq, auditMissingWords[language][what], shortened(id))}
            </Quiet>
          ))}
          {!verdict.sealsChecked && <Quiet>{labels.sealsNotChecked}</Quiet>}
        </div>
      )}
      <Card className={styles.card}>
        {entries.length === 0 ? (
          <Quiet>{labels.empty}</Quiet>
        ) : (
          <table className={styles.table}>
            <thead>
              <tr>
                <th className={styles.head}>{labels.number}</th>
                <th className={styles.head}>{labels.at}</th>
                <th className={styles.head}>{labels.action}</th>
                <th className={styles.head}>{labels.about}</th>
                <th className={styles.head}>{labels.hash}</th>
              </tr>
            </thead>
            <tbody>
              {entries.map(({ seq, at, action, subject, hash }) => (
                <tr key={seq}>
                  <td className={mergeClasses(styles.cell, styles.number)}>{seq}</td>
                  <td className={mergeClasses(styles.cell, styles.number)}>{format.time(at)}</td>
                  <td className={styles.cell}>
                    {labels.actions[action as keyof typeof labels.actions] ?? action}
                  </td>
                  <td className={mergeClasses(styles.cell, styles.subject)} translate="no">
                    {Object.values(subject)
                      .filter((value) => typeof value === 'string' || typeof value === 'number')
                      .map((value) => observed(String(value)))
                      .join(' · ')}
                  </td>
                  <td className={mergeClasses(styles.cell, styles.number)}>
                    <Copyable value={hash} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {total > pageSize && (
          <div className={styles.pager}>
            <Button
              size="small"
              disabled={last >= total}
              onClick={() => setFrom(Math.min(last + 1, total - pageSize + 1))}
            >
              {labels.newer}
            </Button>
            <Button size="small" disabled={first <= 1} onClick={() => setFrom(Math.max(1, first - pageSize))}>
              {labels.older}
            </Button>
          </div>
        )}
      </Card>
    </Page>
  );
}
