/** Certificates for a list of people: what is in it and what is wrong with it first, then the kits, to be saved. */
import { Button, Input, makeStyles, Radio, RadioGroup, tokens } from '@fluentui/react-components';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { CollectedKits, KitOrder, KitPlan, PlannedKit } from '../../contract/kit.ts';
import { describeFault } from '../../contract/kit-faults.ts';
import { useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { look } from '../look/theme.ts';
import { FileField } from '../parts/file-field.tsx';
import { Actions, Choice, Columns, TextField } from '../parts/form.tsx';
import { KitFields, type KitWishes } from '../parts/kit-fields.tsx';
import { KitProgress, SaveKits, useKits } from '../parts/kits.tsx';
import { Aside, Card, Chip, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { SaveButton } from '../parts/save-button.tsx';
import { base64Of, saveText } from '../parts/save-file.ts';
import { siteOf } from '../parts/site.ts';
import { go } from '../shell/route.ts';
import { languageNames, useSpeech } from '../speech/speech.tsx';

const useStyles = makeStyles({
  cards: { display: 'grid', gap: '14px' },
  alert: { marginTop: '8px' },
  faults: { margin: '6px 0 0', paddingLeft: '18px' },
  scroll: { overflowX: 'auto', marginTop: '12px' },
  table: { width: '100%', borderCollapse: 'collapse', fontSize: '14px', lineHeight: '20px' },
  head: {
    textAlign: 'left',
    padding: '4px 10px',
    whiteSpace: 'nowrap',
    fontSize: '12px',
    fontWeight: tokens.fontWeightSemibold,
    color: look.quietText,
  },
  row: { borderTop: `1px solid ${look.hairline}` },
  cell: {
    padding: '7px 10px',
    maxWidth: '260px',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  number: { fontVariantNumeric: 'tabular-nums', color: look.quietText },
});

/** More would be a list to scroll through, not a look at what was read. */
const shownRows = 50;

/** With the mark by which Excel knows UTF-8. */
const csvOf = (rows: readonly (readonly string[])[]): string =>
  `\ufeff${rows.map((row) => `${row.join(',')}\r\n`).join('')}`;

export function ManyAtOnce() {
  const { text, language: own } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  const authorities = useQuery(query.authority.list.queryOptions()).data ?? [];
  const [list, setList] = useState<string | null>(null);
  const [chosen, setChosen] = useState('');
  const [days, setDays] = useState('365');
  const [organisation, setOrganisation] = useState('');
  const [wishes, setWishes] = useState<KitWishes>({ target: 'any', language: own, site: '' });
  const [form, setForm] = useState<'kit' | 'pkcs12'>('kit');
  const [made, setMade] = useState<{ readonly order: string; readonly kits: CollectedKits } | null>(null);
  const kits = useKits();
  const authority = chosen || (authorities.at(-1)?.name ?? '');
  const { target, language } = wishes;
  const url = siteOf(wishes.site);
  const wholeDays = /^\d{1,4}$/.test(days) && Number(days) >= 1 && Number(days) <= 3660;
  const order: KitOrder | null =
    list === null || authority === '' || url === undefined || !wholeDays
      ? null
      : {
          people: { authority, list },
          defaults: {
            days: Number(days),
            language,
            target,
            ...(organisation.trim() === '' ? {} : { organisation: organisation.trim() }),
          },
          form,
          ...(url === '' ? {} : { url }),
        };
  const asked = useDeferredValue(order);
  const check = useQuery(
    query.kit.check.queryOptions({
      input: asked ?? { people: { certificate: '-' } },
      enabled: asked !== null,
      placeholderData: keepPreviousData,
    }),
  );
  const labels = text.kits;
  const fits = check.data && check.data.faults.length === 0 && check.data.kits.length > 0;
  // What was made belongs to what was asked for; it comes back with the same choices.
  const same = made !== null && made.order === JSON.stringify(order);
  return (
    <Page
      title={labels.title}
      subtitle={labels.subtitle}
      actions={<Button onClick={() => go('certificates')}>{text.common.close}</Button>}
    >
      <div className={styles.cards}>
        <Card title={labels.list}>
          {authorities.length === 0 && (
            <>
              <Aside tone="action">{labels.authorityFirst}</Aside>
              <Actions>
                <Button onClick={() => go('authorities', 'new')}>{text.authorities.create}</Button>
              </Actions>
            </>
          )}
          <FileField
            label={labels.file}
            hint={labels.fileHint}
            kind="list"
            onFiles={async ([file]) => {
              setList(file ? await base64Of(file) : null);
            }}
          />
          <Actions>
            <SaveButton
              size="small"
              label={labels.saveSample}
              save={() => saveText(`${labels.list}.csv`, csvOf(labels.sample))}
            />
          </Actions>
          <Columns>
            <Choice
              label={text.certificates.authority}
              value={authority}
              options={authorities.map(({ name }) => [name, name])}
              onChange={setChosen}
            />
            <TextField
              label={text.certificates.days}
              hint={labels.unlessListed}
              error={wholeDays ? undefined : { type: 'range' }}
            >
              <Input type="number" value={days} onChange={(_, { value }) => setDays(value)} />
            </TextField>
            <TextField label={text.authorities.organization} hint={labels.unlessListed}>
              <Input value={organisation} onChange={(_, { value }) => setOrganisation(value)} />
            </TextField>
            <KitFields wishes={wishes} hint={labels.unlessListed} onChange={setWishes} />
            <TextField label={labels.form} wide>
              <RadioGroup
                value={form}
                onChange={(_, { value }) => setForm(value === 'kit' ? 'kit' : 'pkcs12')}
              >
                <Radio value="kit" label={labels.forms.kit} />
                <Radio value="pkcs12" label={labels.forms.pkcs12} />
              </RadioGroup>
            </TextField>
          </Columns>
          <ProblemBar problem={check.error ? problemOf(check.error) : null} />
        </Card>
        {list !== null && check.data && <Look plan={check.data} />}
        {fits && order && (
          <Card title={labels.make}>
            <KitProgress of={kits.work} />
            <ProblemBar problem={kits.problem} onClose={kits.clear} />
            {same ? (
              <div role="status">
                <SaveKits kits={made.kits} />
              </div>
            ) : (
              !kits.work.running && (
                <Actions>
                  <Button
                    appearance="primary"
                    onClick={async () => {
                      const collected = await kits.make(order);
                      if (collected) setMade({ order: JSON.stringify(order), kits: collected });
                    }}
                  >
                    {labels.makeAll(check.data.kits.length)}
                  </Button>
                </Actions>
              )
            )}
          </Card>
        )}
      </div>
    </Page>
  );
}

/** What was read, before anything is issued: faults by line, else who gets what. */
function Look({ plan: { list, kits, faults } }: { plan: KitPlan }) {
  const { text, language } = useSpeech();
  const styles = useStyles();
  const labels = text.kits;
  const unused = list?.columns.filter(({ meaning }) => meaning === null).map(({ header }) => header) ?? [];
  const issued = kits.filter(({ action }) => action === 'issue').length;
  return (
    <Card
      title={labels.read}
      note={list ? labels.readAs(list.encoding.toUpperCase(), list.separator) : undefined}
    >
      {unused.length > 0 && <Quiet>{labels.unused(unused.join(text.common.comma))}</Quiet>}
      {faults.length > 0 ? (
        <div role="alert" className={styles.alert}>
          <Aside tone="danger" title={labels.faults(faults.length)}>
            {labels.faultsNote}
            <ul className={styles.faults}>
              {faults.slice(0, shownRows).map((fault) => (
                <li key={`${fault.line} ${fault.code} ${fault.value}`}>
                  {labels.line(fault.line)}
                  {text.common.colon}
                  {describeFault(fault, language)}
                </li>
              ))}
            </ul>
            {faults.length > shownRows && labels.more(faults.length - shownRows)}
          </Aside>
        </div>
      ) : (
        <Quiet>{labels.counts(issued, kits.length - issued)}</Quiet>
      )}
      {kits.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                {(['line', 'name', 'names', 'days', 'system', 'action'] as const).map((column) => (
                  <th key={column} scope="col" className={styles.head}>
                    {labels.columns[column]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {kits.slice(0, shownRows).map((kit) => (
                <Row key={kit.line} kit={kit} />
              ))}
            </tbody>
          </table>
          {kits.length > shownRows && <Quiet>{labels.more(kits.length - shownRows)}</Quiet>}
        </div>
      )}
    </Card>
  );
}

function Row({ kit }: { kit: PlannedKit }) {
  const { text, format } = useSpeech();
  const styles = useStyles();
  const labels = text.kits;
  const again = kit.certificate;
  return (
    <tr className={styles.row}>
      <td className={`${styles.cell} ${styles.number}`}>{kit.line}</td>
      <td className={styles.cell} title={kit.subject}>
        {kit.name}
      </td>
      <td className={styles.cell} title={kit.names.join(' ')}>
        {kit.names.join(text.common.comma)}
      </td>
      <td className={`${styles.cell} ${styles.number}`}>{format.number(kit.days)}</td>
      <td className={styles.cell}>
        {labels.targets[kit.target]} · {languageNames[kit.language]}
      </td>
      <td className={styles.cell}>
        {again ? (
          <Chip tone="neutral">{labels.again(format.date(again.notAfter))}</Chip>
        ) : (
          <Chip tone="action">{labels.issue}</Chip>
        )}
      </td>
    </tr>
  );
}
