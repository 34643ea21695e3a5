/** Every certificate: search, filter, sort; details beside the list. */
import { Button, Input, makeStyles, mergeClasses, Select, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import {
  type CertificateSort,
  type CertificateView,
  certificateProfile,
} from '../../contract/certificate.ts';
import { problemOf } from '../connection/problem-of.ts';
import { look } from '../look/theme.ts';
import { Card, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { useSettled } from '../parts/use-settled.ts';
import { go, useRoute } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';
import { CertificateDetails } from './certificate-details.tsx';
import { IssueCertificate } from './certificate-issue.tsx';
import { pageSize, useCertificatePages } from './certificate-pages.ts';
import { CertificateTable } from './certificate-table.tsx';
import { ManyAtOnce } from './many-at-once.tsx';
import { PossiblyIssued } from './possibly-issued.tsx';

const useStyles = makeStyles({
  tools: { display: 'flex', gap: '8px', flexWrap: 'wrap', alignItems: 'center', marginBottom: '12px' },
  search: { width: '420px', '@media (max-width: 1200px)': { width: '100%' } },
  count: { marginLeft: 'auto', color: look.quietText, fontSize: '14px', fontVariantNumeric: 'tabular-nums' },
  filter: {
    borderRadius: '999px',
    fontSize: '12px',
    fontWeight: tokens.fontWeightRegular,
    minWidth: 0,
  },
  chosen: { backgroundColor: look.actionGround, color: look.actionText, borderTopColor: look.chart },
  grid: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: '14px', alignItems: 'start' },
  split: {
    gridTemplateColumns: 'minmax(0, 1fr) 330px',
    '@media (max-width: 1000px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  card: { padding: '4px 8px 8px' },
});

const filters = ['all', 'valid', 'ending', 'revoked', 'expired'] as const;
type Filter = (typeof filters)[number];
const soon = 30 * 86_400_000;

export function Certificates() {
  const { detail } = useRoute();
  if (detail === 'new') return <IssueCertificate />;
  if (detail === 'many') return <ManyAtOnce />;
  if (detail === 'possibly-issued') return <PossiblyIssued />;
  const filter = filters.find((name) => name === detail);
  return <List key={filter ?? ''} initial={filter ?? 'all'} open={filter ? null : detail} />;
}

function List({ initial, open }: { initial: Filter; open: string | null }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const [words, setWords] = useState('');
  const [filter, setFilter] = useState<Filter>(initial);
  const [profile, setProfile] = useState<'' | CertificateView['profile']>('client');
  const [sort, setSort] = useState<CertificateSort>({ by: 'createdAt', descending: true });
  const [endsBefore] = useState(() => new Date(Date.now() + soon).toISOString());
  const search = useSettled(words.trim());
  const input = {
    sort,
    ...(search === '' ? {} : { search }),
    ...(profile === '' ? {} : { profile }),
    ...(filter === 'all' ? {} : { state: filter === 'ending' ? ('valid' as const) : filter }),
    ...(filter === 'ending' ? { endsBefore } : {}),
  };
  const [seen, setSeen] = useState({ first: 0, last: pageSize });
  const pages = useCertificatePages(input, seen.first, seen.last);
  const { total } = pages;
  const labels = text.certificates;
  return (
    <Page
      title={text.pages.certificates}
      actions={
        <>
          <Button onClick={() => go('certificates', 'many')}>{text.kits.fromList}</Button>
          <Button appearance="primary" onClick={() => go('certificates', 'new')}>
            {labels.issue}
          </Button>
        </>
      }
    >
      <div className={styles.tools}>
        <Input
          type="search"
          className={styles.search}
          aria-label={labels.search}
          placeholder={labels.search}
          value={words}
          onChange={(_, { value }) => setWords(value)}
        />
        {filters.map((name) => (
          <Button
            key={name}
            size="small"
            className={mergeClasses(styles.filter, name === filter && styles.chosen)}
            aria-pressed={name === filter}
            onClick={() => setFilter(name)}
          >
            {labels.filters[name]}
          </Button>
        ))}
        <Select
          size="small"
          aria-label={labels.profile}
          value={profile}
          onChange={(_, { value }) => setProfile(value === '' ? '' : certificateProfile.parse(value))}
        >
          <option value="">{labels.filters.all}</option>
          {certificateProfile.options.map((name) => (
            <option key={name} value={name}>
              {labels.profiles[name]}
            </option>
          ))}
        </Select>
        <span className={styles.count} role="status">
          {pages.hasMore ? labels.moreThan(total) : labels.count(total)}
        </span>
      </div>
      <ProblemBar problem={pages.error ? problemOf(pages.error) : null} />
      <div className={mergeClasses(styles.grid, open !== null && styles.split)}>
        <Card className={styles.card}>
          {pages.isEmpty ? (
            <Empty nothingAtAll={search === '' && filter === 'all'} />
          ) : (
            <CertificateTable
              // Another question begins at its first row.
              key={JSON.stringify(input)}
              pages={pages}
              open={open}
              sort={sort}
              onSort={setSort}
              onSeen={setSeen}
            />
          )}
        </Card>
        {open !== null && <CertificateDetails key={open} reference={open} />}
      </div>
    </Page>
  );
}

function Empty({ nothingAtAll }: { nothingAtAll: boolean }) {
  const { text } = useSpeech();
  return <Quiet>{nothingAtAll ? text.certificates.noneYet : text.certificates.noneMatches}</Quiet>;
}
