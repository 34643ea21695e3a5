/** Every certificate: search, filter, sort, page by page as the registry gives them; details beside the list. */
import { Button, Input, makeStyles, mergeClasses, Select, tokens } from '@fluentui/react-components';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useDeferredValue, useState } from 'react';
import {
  type CertificateSort,
  type CertificateView,
  certificateProfile,
} from '../../contract/certificate.ts';
import { useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { look } from '../look/theme.ts';
import { Copyable } from '../parts/copyable.tsx';
import { Card, Chip, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { go, useRoute } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';
import { CertificateDetails } from './certificate-details.tsx';
import { IssueCertificate } from './certificate-issue.tsx';
import { ManyAtOnce } from './many-at-once.tsx';
import { PossiblyIssued } from './possibly-issued.tsx';

const useStyles = makeStyles({
  tools: { display: 'flex', gap: '8px', flexWrap: 'wrap', alignItems: 'center', marginBottom: '12px' },
  search: { width: '300px', maxWidth: '100%' },
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
  card: { padding: '4px 8px 8px', overflowX: 'auto' },
  table: { width: '100%', borderCollapse: 'collapse', fontSize: '14px', lineHeight: '20px' },
  head: { textAlign: 'left', padding: '4px 6px', whiteSpace: 'nowrap' },
  sort: {
    background: 'none',
    border: 'none',
    padding: '4px',
    font: 'inherit',
    fontSize: '12px',
    fontWeight: tokens.fontWeightSemibold,
    color: look.quietText,
    cursor: 'pointer',
    borderRadius: '4px',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  plainHead: { fontSize: '12px', fontWeight: tokens.fontWeightSemibold, color: look.quietText },
  row: {
    cursor: 'pointer',
    borderTop: `1px solid ${look.hairline}`,
    ':hover': { backgroundColor: look.code },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  here: { backgroundColor: look.actionGround },
  cell: {
    padding: '7px 10px',
    maxWidth: '240px',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  pager: { display: 'flex', gap: '8px', alignItems: 'center', justifyContent: 'flex-end', marginTop: '8px' },
});

const filters = ['all', 'valid', 'ending', 'revoked', 'expired'] as const;
type Filter = (typeof filters)[number];
const pageSize = 50;
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
  const { text, format } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const [words, setWords] = useState('');
  const [filter, setFilter] = useState<Filter>(initial);
  const [profile, setProfile] = useState<'' | CertificateView['profile']>('client');
  const [sort, setSort] = useState<CertificateSort>({ by: 'createdAt', descending: true });
  const [page, setPage] = useState(0);
  const [endsBefore] = useState(() => new Date(Date.now() + soon).toISOString());
  const search = useDeferredValue(words.trim());
  const list = useQuery(
    query.certificate.list.queryOptions({
      input: {
        offset: page * pageSize,
        limit: pageSize,
        sort,
        ...(search === '' ? {} : { search }),
        ...(profile === '' ? {} : { profile }),
        ...(filter === 'all' ? {} : { state: filter === 'ending' ? 'valid' : filter }),
        ...(filter === 'ending' ? { endsBefore } : {}),
      },
      placeholderData: keepPreviousData,
    }),
  );
  const items = list.data?.items ?? [];
  const total = list.data?.total ?? 0;
  const narrow =
    <T,>(set: (value: T) => void) =>
    (value: T): void => {
      set(value);
      setPage(0);
    };
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
          onChange={(_, { value }) => narrow(setWords)(value)}
        />
        {filters.map((name) => (
          <Button
            key={name}
            size="small"
            className={mergeClasses(styles.filter, name === filter && styles.chosen)}
            aria-pressed={name === filter}
            onClick={() => narrow(setFilter)(name)}
          >
            {labels.filters[name]}
          </Button>
        ))}
        <Select
          size="small"
          aria-label={labels.profile}
          value={profile}
          onChange={(_, { value }) => narrow(setProfile)(value === '' ? '' : certificateProfile.parse(value))}
        >
          <option value="">{labels.filters.all}</option>
          {certificateProfile.options.map((name) => (
            <option key={name} value={name}>
              {labels.profiles[name]}
            </option>
          ))}
        </Select>
        <span className={styles.count} role="status">
          {labels.count(total)}
        </span>
      </div>
      <ProblemBar problem={list.error ? problemOf(list.error) : null} />
      <div className={mergeClasses(styles.grid, open !== null && styles.split)}>
        <Card className={styles.card}>
          {list.data && items.length === 0 ? (
            <Empty nothingAtAll={search === '' && filter === 'all'} />
          ) : (
            <table className={styles.table}>
              <thead>
                <tr>
                  <SortHead by="commonName" sort={sort} onSort={setSort} label={labels.name} />
                  <SortHead by="notAfter" sort={sort} onSort={setSort} label={labels.ends} />
                  <SortHead by="serial" sort={sort} onSort={setSort} label={labels.serial} />
                  <th className={styles.head} scope="col">
                    <span className={styles.plainHead}>{labels.state}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((item, at) => (
                  <tr
                    key={item.id}
                    className={mergeClasses(styles.row, item.id === open && styles.here)}
                    tabIndex={item.id === open || (open === null && at === 0) ? 0 : -1}
                    aria-selected={item.id === open}
                    onClick={() => go('certificates', item.id)}
                    onKeyDown={(event) => moveInTable(event, () => go('certificates', item.id))}
                  >
                    <td className={styles.cell} title={item.subject}>
                      {item.commonName || item.subject}
                    </td>
                    <td className={styles.cell}>{format.date(item.notAfter)}</td>
                    <td className={styles.cell}>
                      <Copyable value={item.serial} />
                    </td>
                    <td className={styles.cell}>
                      <StateChip certificate={item} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {total > pageSize && (
            <div className={styles.pager}>
              <Button size="small" disabled={page === 0} onClick={() => setPage(page - 1)}>
                {text.common.previous}
              </Button>
              <span>{labels.page(page + 1, Math.ceil(total / pageSize))}</span>
              <Button
                size="small"
                disabled={(page + 1) * pageSize >= total}
                onClick={() => setPage(page + 1)}
              >
                {text.common.next}
              </Button>
            </div>
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

function SortHead(props: {
  by: CertificateSort['by'];
  sort: CertificateSort;
  onSort: (sort: CertificateSort) => void;
  label: string;
}) {
  const styles = useStyles();
  const { by, sort } = props;
  const here = sort.by === by;
  return (
    <th
      className={styles.head}
      scope="col"
      aria-sort={here ? (sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className={styles.sort}
        onClick={() => props.onSort({ by, descending: here && !sort.descending })}
      >
        {props.label}
        {here ? (sort.descending ? ' ↓' : ' ↑') : ''}
      </button>
    </th>
  );
}

export function StateChip({ certificate }: { certificate: Pick<CertificateView, 'state' | 'notAfter'> }) {
  const { text, format } = useSpeech();
  const { state, notAfter } = certificate;
  const days = format.days(notAfter);
  if (state === 'valid' && days <= 30)
    return <Chip tone="attention">{text.certificates.daysLeft(days)}</Chip>;
  const tone = { valid: 'proven', notYetValid: 'attention', expired: 'neutral', revoked: 'danger' } as const;
  return <Chip tone={tone[state]}>{text.certificates.states[state]}</Chip>;
}

/** Arrow keys, Home and End go through the rows; Enter opens. */
export function moveInTable(event: KeyboardEvent<HTMLTableRowElement>, open: () => void): void {
  if (event.target !== event.currentTarget) return;
  const row = event.currentTarget;
  const rows = row.parentElement!;
  const to = {
    ArrowDown: row.nextElementSibling,
    ArrowUp: row.previousElementSibling,
    Home: rows.firstElementChild,
    End: rows.lastElementChild,
  }[event.key];
  if (to instanceof HTMLElement) {
    event.preventDefault();
    to.focus();
  } else if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    open();
  }
}
