/** The rows of the certificates: a window on all of them, gone through by mouse, by keys and by ear. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { type KeyboardEvent, memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { CertificateSort, CertificateView } from '../../contract/certificate.ts';
import { look } from '../look/theme.ts';
import { Copyable } from '../parts/copyable.tsx';
import { Chip } from '../parts/page.tsx';
import { useRowWindow } from '../parts/row-window.ts';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';
import type { CertificatePages } from './certificate-pages.ts';

const rowHeight = 36;
const headHeight = 32;

const useStyles = makeStyles({
  scroller: {
    overflowX: 'auto',
    overflowY: 'auto',
    maxHeight: 'max(240px, calc(100vh - 236px))',
    // The rows are put where they belong; the browser has nothing to hold on to.
    overflowAnchor: 'none',
    ':focus': { outlineStyle: 'none' },
  },
  old: { opacity: 0.6 },
  table: {
    width: '100%',
    minWidth: '540px',
    tableLayout: 'fixed',
    borderCollapse: 'separate',
    borderSpacing: 0,
    fontSize: '14px',
    lineHeight: '20px',
  },
  head: {
    position: 'sticky',
    top: 0,
    zIndex: 1,
    height: `${headHeight}px`,
    boxSizing: 'border-box',
    textAlign: 'left',
    padding: '0 6px',
    whiteSpace: 'nowrap',
    backgroundColor: look.card,
    // Wide enough for the longest date of the three languages.
    width: '128px',
  },
  nameHead: { width: 'auto' },
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
  plainHead: {
    display: 'inline-block',
    lineHeight: 'normal',
    fontSize: '12px',
    fontWeight: tokens.fontWeightSemibold,
    color: look.quietText,
    padding: '4px',
  },
  row: {
    cursor: 'pointer',
    height: `${rowHeight}px`,
    ':hover': { backgroundColor: look.code },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  here: { backgroundColor: look.actionGround },
  cell: {
    height: `${rowHeight}px`,
    boxSizing: 'border-box',
    padding: '0 10px',
    borderTop: `1px solid ${look.hairline}`,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
});

export function CertificateTable(props: {
  pages: CertificatePages;
  /** The id of the one whose details are shown. */
  open: string | null;
  sort: CertificateSort;
  onSort: (sort: CertificateSort) => void;
  /** Which rows are looked at. */
  onSeen: (seen: { readonly first: number; readonly last: number }) => void;
}) {
  const { text } = useSpeech();
  const styles = useStyles();
  const { pages, open, sort, onSort, onSeen } = props;
  const { total } = pages;
  const { scroller, onScroll, first, last, top, visible, before, after, reveal } = useRowWindow(
    total,
    rowHeight,
    headHeight,
  );
  useEffect(() => onSeen({ first, last }), [onSeen, first, last]);
  const [active, setActive] = useState(0);
  const focusing = useRef(false);
  // A row that is not in the window can have no focus.
  const reachable = active >= first && active < last ? active : Math.min(top, total - 1);
  useLayoutEffect(() => {
    const row = scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${active + 2}"]`);
    if (!focusing.current || !row) return;
    focusing.current = false;
    row.focus({ preventScroll: true });
  });
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const row = event.target as HTMLElement;
    if (row !== scroller.current && row.getAttribute('aria-rowindex') === null) return;
    const from = row === scroller.current ? reachable : Number(row.getAttribute('aria-rowindex')) - 2;
    const to = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + visible,
      PageUp: from - visible,
      Home: 0,
      End: total - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(total - 1, to));
      focusing.current = true;
      setActive(next);
      reveal(next);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const certificate = pages.row(from);
      if (certificate) go('certificates', certificate.id);
    }
  };
  const labels = text.certificates;
  const head = { sort, onSort };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys are those of the rows; it holds the focus of one that was scrolled away
    <div
      ref={scroller}
      className={mergeClasses(styles.scroller, pages.isOld && styles.old)}
      tabIndex={-1}
      onScroll={onScroll}
      onKeyDown={move}
    >
      <div style={{ paddingTop: before, paddingBottom: after }}>
        <table className={styles.table} aria-rowcount={total + 1} aria-busy={pages.isOld}>
          <thead>
            <tr aria-rowindex={1}>
              <SortHead by="commonName" {...head} label={labels.name} className={styles.nameHead} />
              <SortHead by="notAfter" {...head} label={labels.ends} />
              <SortHead by="serial" {...head} label={labels.serial} />
              <th className={styles.head} scope="col">
                <span className={styles.plainHead}>{labels.state}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: last - first }, (_, n) => {
              const at = first + n;
              const certificate = pages.row(at);
              return (
                <Row
                  key={at}
                  at={at}
                  certificate={certificate}
                  isOpen={certificate !== undefined && certificate.id === open}
                  isReachable={at === reachable}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const Row = memo(function Row(props: {
  at: number;
  certificate: CertificateView | undefined;
  isOpen: boolean;
  isReachable: boolean;
}) {
  const { format } = useSpeech();
  const styles = useStyles();
  const { at, certificate, isOpen, isReachable } = props;
  return (
    <tr
      className={mergeClasses(styles.row, isOpen && styles.here)}
      tabIndex={isReachable ? 0 : -1}
      aria-rowindex={at + 2}
      aria-selected={isOpen}
      aria-busy={certificate === undefined}
      onClick={() => certificate && go('certificates', certificate.id)}
    >
      {certificate ? (
        <>
          <td className={styles.cell} title={certificate.subject}>
            {certificate.commonName || certificate.subject}
          </td>
          <td className={styles.cell}>{format.date(certificate.notAfter)}</td>
          <td className={styles.cell}>
            <Copyable value={certificate.serial} />
          </td>
          <td className={styles.cell}>
            <StateChip certificate={certificate} />
          </td>
        </>
      ) : (
        <td className={styles.cell} colSpan={4}>
          …
        </td>
      )}
    </tr>
  );
});

function SortHead(props: {
  by: CertificateSort['by'];
  sort: CertificateSort;
  onSort: (sort: CertificateSort) => void;
  label: string;
  className?: string;
}) {
  const styles = useStyles();
  const { by, sort } = props;
  const here = sort.by === by;
  return (
    <th
      className={mergeClasses(styles.head, props.className)}
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

function StateChip({ certificate }: { certificate: Pick<CertificateView, 'state' | 'notAfter'> }) {
  const { text, format } = useSpeech();
  const { state, notAfter } = certificate;
  const days = format.days(notAfter);
  if (state === 'valid' && days <= 30)
    return <Chip tone="attention">{text.certificates.daysLeft(days)}</Chip>;
  const tone = { valid: 'proven', notYetValid: 'attention', expired: 'neutral', revoked: 'danger' } as const;
  return <Chip tone={tone[state]}>{text.certificates.states[state]}</Chip>;
}
