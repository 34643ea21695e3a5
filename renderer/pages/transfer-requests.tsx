/** On the CA's machine: what the connected one asks for. Each request is approved, refused, or left for later. */
import { Button, makeStyles, mergeClasses, Select, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { AuthorityView } from '../../contract/authority.ts';
import type { TransferAsks, TransferRequest, TransferView } from '../../contract/transfer.ts';
import { useAction } from '../connection/api.tsx';
import { look } from '../look/theme.ts';
import { Facts } from '../parts/facts.tsx';
import { Fingerprint } from '../parts/fingerprint.tsx';
import { Actions } from '../parts/form.tsx';
import { Aside, Chip, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { SaveTransfer } from '../parts/save-transfer.tsx';
import { useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  gap: { margin: '12px 0' },
  scroll: { overflowX: 'auto' },
  table: { width: '100%', borderCollapse: 'collapse', fontSize: '14px', lineHeight: '20px' },
  head: {
    textAlign: 'left',
    color: look.quietText,
    fontSize: '12px',
    fontWeight: tokens.fontWeightSemibold,
    padding: '6px 10px 6px 0',
    whiteSpace: 'nowrap',
  },
  cell: {
    padding: '8px 10px 8px 0',
    borderTop: `1px solid ${look.hairline}`,
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
  },
  subject: { fontWeight: tokens.fontWeightSemibold, textAlign: 'left', minWidth: '140px' },
  names: { display: 'block', fontWeight: tokens.fontWeightRegular, color: look.quietText },
  kind: { whiteSpace: 'nowrap' },
  decision: { minWidth: '128px' },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: '12px' },
});

/** More rows than a person looks through at once. */
const pageSize = 50;

type Decision = 'approve' | 'refuse' | 'later';

export function Requests({
  file,
  view: first,
  authority,
}: {
  file: File;
  view: TransferView;
  /** The CA that is asked, as it is here. */
  authority: AuthorityView | undefined;
}) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const [view, setView] = useState(first);
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map());
  const [answered, setAnswered] = useState<readonly TransferRequest[]>([]);
  const answer = useAction(async (client) => {
    const chosen = (wanted: Decision) => open.filter(({ id }) => decisions.get(id) === wanted);
    try {
      await client.transfer.import({
        file,
        approve: chosen('approve').map(({ id }) => id),
        refuse: chosen('refuse').map(({ id }) => id),
      });
    } finally {
      // What was answered before a problem stays answered: look, do not assume.
      const now = await client.transfer.inspect({ file });
      const before = new Set(open.map(({ id }) => id));
      setAnswered((earlier) => [
        ...earlier,
        ...now.requests.filter(({ id, state }) => state !== 'new' && before.has(id)),
      ]);
      setView(now);
    }
  });
  const labels = text.transfer;
  const open = view.requests.filter(({ state }) => state === 'new');
  const count = (wanted: Decision, kind?: TransferRequest['kind']): number =>
    open.filter(({ id, kind: own }) => decisions.get(id) === wanted && (kind === undefined || own === kind))
      .length;
  const decideAll = (decision: Decision): void => setDecisions(new Map(open.map(({ id }) => [id, decision])));
  const chosen = count('approve') + count('refuse');
  const keyHere = authority?.hasKey === true;
  return (
    <section className={styles.gap} aria-label={labels.inFile}>
      <Facts
        of={[
          [labels.from, labels.fromConnected],
          [labels.asked, `${view.authority.name} · ${view.authority.subject}`],
          [labels.madeAt, format.time(view.createdAt)],
          [labels.digest, <Fingerprint key="digest" value={view.digest} />],
        ]}
      />
      <div className={styles.gap}>
        <Aside tone="attention" title={labels.unsigned}>
          {labels.unsignedNote}
        </Aside>
      </div>
      {!keyHere && (
        <Aside tone="danger" title={labels.keyNotHere(view.authority.name)}>
          {labels.keyNotHereNote}
        </Aside>
      )}
      {view.requests.length === 0 && <Quiet>{labels.asksNothing}</Quiet>}
      {view.requests.length > 0 && (
        <RequestTable
          requests={view.requests}
          decisions={keyHere ? decisions : null}
          onDecide={(id, decision) => setDecisions((before) => new Map(before).set(id, decision))}
        />
      )}
      <ProblemBar problem={answer.problem} onClose={answer.clear} />
      {keyHere && open.length > 0 && (
        <>
          <Quiet className={styles.gap}>
            {labels.wouldDo(count('approve', 'certificate'), count('approve', 'revocation'), count('refuse'))}
          </Quiet>
          <Actions>
            <Button
              appearance="primary"
              disabled={answer.pending || chosen === 0}
              onClick={() => void answer.run(undefined)}
            >
              {answer.pending ? text.common.working : labels.answer}
            </Button>
            <Button disabled={answer.pending} onClick={() => decideAll('approve')}>
              {labels.approveAll}
            </Button>
            <Button disabled={answer.pending} onClick={() => decideAll('refuse')}>
              {labels.refuseAll}
            </Button>
          </Actions>
        </>
      )}
      {authority && answered.length > 0 && (
        <Answered authority={authority} answered={answered} last={open.length === 0} />
      )}
    </section>
  );
}

/** The answers are here; they still have to travel, and a revocation to be on the CRL. */
function Answered(props: {
  authority: AuthorityView;
  answered: readonly TransferRequest[];
  /** Nothing else is left to decide. */
  last: boolean;
}) {
  const { text } = useSpeech();
  const styles = useStyles();
  const [published, setPublished] = useState(false);
  const publish = useAction(async (client) => {
    await client.authority.publishCrl({ authority: props.authority.id });
    setPublished(true);
  });
  const labels = text.transfer;
  const revoked = props.answered.some(({ kind, state }) => kind === 'revocation' && state === 'done');
  return (
    <div className={styles.gap} role="status">
      <Chip tone="proven">{labels.answered(props.answered.length)}</Chip>
      {revoked && !published && (
        <div className={styles.gap}>
          <Aside tone="attention" title={labels.crlFirst}>
            {labels.crlFirstNote}
            <ProblemBar problem={publish.problem} onClose={publish.clear} />
            <Actions>
              <Button disabled={publish.pending} onClick={() => void publish.run(undefined)}>
                {text.authorities.publishCrl}
              </Button>
            </Actions>
          </Aside>
        </div>
      )}
      <Quiet className={styles.gap}>{labels.answersTravel}</Quiet>
      <SaveTransfer
        authority={props.authority.id}
        words={labels.saveAnswers}
        appearance={props.last ? 'primary' : 'secondary'}
      />
    </div>
  );
}

function RequestTable(props: {
  requests: readonly TransferRequest[];
  /** Null where nothing can be decided. */
  decisions: ReadonlyMap<string, Decision> | null;
  onDecide: (id: string, decision: Decision) => void;
}) {
  const { text } = useSpeech();
  const styles = useStyles();
  const [page, setPage] = useState(0);
  const labels = text.transfer;
  const pages = Math.ceil(props.requests.length / pageSize);
  const shown = props.requests.slice(page * pageSize, (page + 1) * pageSize);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={labels.requests}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th className={styles.head}>{labels.forWhom}</th>
              <th className={styles.head}>{labels.kind}</th>
              <th className={styles.head}>{labels.would}</th>
              <th className={styles.head}>{labels.decision}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((request) => (
              <tr key={request.id}>
                <th scope="row" className={mergeClasses(styles.cell, styles.subject)}>
                  {request.label}
                  {request.asks.kind === 'certificate' && request.asks.names.length > 0 && (
                    <span className={styles.names}>{request.asks.names.join(', ')}</span>
                  )}
                </th>
                <td className={mergeClasses(styles.cell, styles.kind)}>{labels.kinds[request.kind]}</td>
                <td className={styles.cell}>
                  <Asks asks={request.asks} />
                </td>
                <td className={styles.cell}>
                  {request.state === 'new' && props.decisions ? (
                    <Select
                      className={styles.decision}
                      size="small"
                      aria-label={labels.decisionOn(request.label)}
                      value={props.decisions.get(request.id) ?? 'later'}
                      onChange={(_, { value }) => props.onDecide(request.id, value as Decision)}
                    >
                      <option value="later">{labels.decisions.later}</option>
                      <option value="approve">{labels.decisions.approve}</option>
                      <option value="refuse">{labels.decisions.refuse}</option>
                    </Select>
                  ) : (
                    <Chip
                      tone={
                        request.state === 'done'
                          ? 'proven'
                          : request.state === 'refused'
                            ? 'danger'
                            : 'neutral'
                      }
                    >
                      {labels.states[request.state]}
                    </Chip>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {pages > 1 && (
        <Actions>
          <Button size="small" disabled={page === 0} onClick={() => setPage(page - 1)}>
            {text.common.previous}
          </Button>
          <Quiet>{text.certificates.page(page + 1, pages)}</Quiet>
          <Button size="small" disabled={page + 1 === pages} onClick={() => setPage(page + 1)}>
            {text.common.next}
          </Button>
        </Actions>
      )}
    </>
  );
}

function Asks({ asks }: { asks: TransferAsks }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const labels = text.transfer;
  if (asks.kind === 'certificate')
    return [labels.profiles[asks.profile], asks.key, labels.days(asks.days)].join(' · ');
  return (
    <>
      {text.certificates.reasons[asks.reason]}
      {' · '}
      <span className={styles.mono}>{asks.serial}</span>
    </>
  );
}
