/** The plan before anything changes: now → will be → why, one row for each resource. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { RolloutPlan as Plan, PlanAction, PlanItem } from '../../contract/rollout.ts';
import { look } from '../look/theme.ts';
import { shortened } from '../parts/copyable.tsx';
import { useSpeech } from '../speech/speech.tsx';
import { planMarks } from './plan-marks.ts';

const useStyles = makeStyles({
  scroll: { overflowX: 'auto' },
  table: { width: '100%', borderCollapse: 'collapse', fontSize: '14px', lineHeight: '20px' },
  head: {
    textAlign: 'left',
    color: look.quietText,
    fontSize: '12px',
    fontWeight: tokens.fontWeightSemibold,
    padding: '6px 10px',
    whiteSpace: 'nowrap',
  },
  cell: { padding: '8px 10px', borderTop: `1px solid ${look.hairline}`, verticalAlign: 'top' },
  mark: { fontFamily: tokens.fontFamilyMonospace, fontWeight: tokens.fontWeightBold, width: '1%' },
  create: { color: look.provenText },
  change: { color: look.attentionText },
  remove: { color: look.dangerText },
  quiet: { color: look.quietText },
  strong: { fontWeight: tokens.fontWeightSemibold, textAlign: 'left' },
  plain: { fontWeight: tokens.fontWeightRegular, textAlign: 'left' },
  value: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '12px',
    display: 'block',
    overflowWrap: 'anywhere',
  },
  cost: { color: look.attentionText, display: 'block', fontSize: '12px' },
});

export function RolloutPlan({ plan }: { plan: Plan }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const toneOf = (action: PlanAction): string =>
    ({
      create: styles.create,
      adopt: styles.create,
      change: styles.change,
      replace: styles.remove,
      delete: styles.remove,
      nothing: styles.quiet,
    })[action];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={text.plan.title}>
      <table className={styles.table} data-picture="rollout-plan">
        <thead>
          <tr>
            {/* The marks below name themselves. */}
            <td />
            <th className={styles.head}>{text.plan.what}</th>
            <th className={styles.head}>{text.plan.now}</th>
            <th className={styles.head}>{text.plan.willBe}</th>
            <th className={styles.head}>{text.plan.why}</th>
          </tr>
        </thead>
        <tbody>
          {plan.items.map((item) => (
            <tr key={`${item.resource} ${item.name}`}>
              <td className={mergeClasses(styles.cell, styles.mark, toneOf(item.action))}>
                <span role="img" aria-label={text.plan.actions[item.action]}>
                  {planMarks[item.action]}
                </span>
              </td>
              <th
                scope="row"
                className={mergeClasses(
                  styles.cell,
                  item.action === 'nothing' ? styles.plain : styles.strong,
                )}
              >
                {text.plan.resources[item.resource]}
              </th>
              <td className={styles.cell}>
                <Values of={changed(item, item.now)} none={text.plan.none} />
              </td>
              <td className={styles.cell}>
                {item.action === 'nothing' ? (
                  <span className={styles.quiet}>{text.plan.unchanged}</span>
                ) : (
                  <Values of={changed(item, item.willBe)} none={item.name} />
                )}
              </td>
              <td className={styles.cell}>
                {text.plan.reasons[item.reason]}
                {item.costNote !== undefined && (
                  <span className={styles.cost}>{text.plan.costs[item.costNote]}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Values({ of, none }: { of: readonly (readonly [string, string])[]; none: string }) {
  const styles = useStyles();
  if (of.length === 0) return <span className={styles.quiet}>{none}</span>;
  return of.map(([name, value]) => (
    <span key={name} className={styles.value} title={value}>
      {name} {shortened(value, 12)}
    </span>
  ));
}

/** What differs; of something new or unchanged, everything that matters. */
function changed({ now, willBe }: PlanItem, side: PlanItem['now']): readonly (readonly [string, string])[] {
  const entries = Object.entries(side ?? {});
  if (!now || !willBe) return entries.slice(0, 6);
  const differing = entries.filter(([name]) => now[name] !== willBe[name]);
  return (differing.length > 0 ? differing : entries.slice(0, 2)).slice(0, 8);
}
