/** The parts that every page is made of: heading, card, chip, quiet text. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { look } from '../look/theme.ts';

const useStyles = makeStyles({
  page: {
    padding: '20px 28px 32px',
    maxWidth: '1120px',
    width: '100%',
    boxSizing: 'border-box',
    margin: '0 auto',
  },
  head: { display: 'flex', alignItems: 'flex-start', gap: '12px', marginBottom: '16px', flexWrap: 'wrap' },
  heading: { flexGrow: 1, minWidth: '240px' },
  title: {
    fontSize: '22px',
    lineHeight: '30px',
    fontWeight: tokens.fontWeightSemibold,
    margin: 0,
    ':focus': { outlineStyle: 'none' },
  },
  subtitle: { margin: '2px 0 0', color: look.quietText, fontSize: '14px', lineHeight: '20px' },
  actions: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
  card: {
    backgroundColor: look.card,
    border: `1px solid ${look.hairline}`,
    borderRadius: '8px',
    padding: '16px',
    minWidth: 0,
  },
  cardTitle: {
    fontSize: '15px',
    lineHeight: '20px',
    fontWeight: tokens.fontWeightSemibold,
    margin: '0 0 12px',
  },
  note: { fontWeight: tokens.fontWeightRegular, color: look.quietText, marginLeft: '6px' },
  quiet: { color: look.quietText, margin: 0, fontSize: '14px', lineHeight: '20px' },
  chip: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '4px',
    borderRadius: '999px',
    border: '1px solid transparent',
    padding: '0 10px',
    fontSize: '12px',
    lineHeight: '20px',
    whiteSpace: 'nowrap',
    maxWidth: '100%',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
  proven: {
    color: look.provenText,
    backgroundColor: look.provenGround,
    borderTopColor: look.provenLine,
    borderRightColor: look.provenLine,
    borderBottomColor: look.provenLine,
    borderLeftColor: look.provenLine,
  },
  attention: {
    color: look.attentionText,
    backgroundColor: look.attentionGround,
    borderTopColor: look.attentionLine,
    borderRightColor: look.attentionLine,
    borderBottomColor: look.attentionLine,
    borderLeftColor: look.attentionLine,
  },
  danger: {
    color: look.dangerText,
    backgroundColor: look.dangerGround,
    borderTopColor: look.dangerLine,
    borderRightColor: look.dangerLine,
    borderBottomColor: look.dangerLine,
    borderLeftColor: look.dangerLine,
  },
  action: {
    color: look.actionText,
    backgroundColor: look.actionGround,
    borderTopColor: look.chart,
    borderRightColor: look.chart,
    borderBottomColor: look.chart,
    borderLeftColor: look.chart,
  },
  neutral: {
    color: look.quietText,
    backgroundColor: look.card,
    borderTopColor: look.hairline,
    borderRightColor: look.hairline,
    borderBottomColor: look.hairline,
    borderLeftColor: look.hairline,
  },
  aside: {
    borderLeftWidth: '3px',
    borderLeftStyle: 'solid',
    padding: '10px 12px',
    fontSize: '14px',
    lineHeight: '20px',
  },
  asideAttention: { borderLeftColor: look.attentionLine, backgroundColor: look.attentionGround },
  asideDanger: { borderLeftColor: look.dangerLine, backgroundColor: look.dangerGround },
  asideAction: { borderLeftColor: look.chart, backgroundColor: look.actionGround },
  asideTitle: { fontWeight: tokens.fontWeightSemibold, display: 'block' },
});

/** Takes the focus when it is arrived at, so that a screen reader says where one is. */
export function Page(props: {
  title: ReactNode;
  subtitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div className={styles.heading}>
          <h1 className={styles.title} tabIndex={-1} ref={heading}>
            {props.title}
          </h1>
          {props.subtitle !== undefined && <p className={styles.subtitle}>{props.subtitle}</p>}
        </div>
        {props.actions !== undefined && <div className={styles.actions}>{props.actions}</div>}
      </div>
      {props.children}
    </div>
  );
}

export function Card(props: {
  title?: ReactNode;
  note?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}) {
  const styles = useStyles();
  const id = useId();
  return (
    <section
      className={mergeClasses(styles.card, props.className)}
      aria-labelledby={props.title === undefined ? undefined : id}
    >
      {props.title !== undefined && (
        <h2 className={styles.cardTitle} id={id}>
          {props.title}
          {props.note !== undefined && <span className={styles.note}>{props.note}</span>}
        </h2>
      )}
      {props.children}
    </section>
  );
}

export type Tone = 'proven' | 'attention' | 'danger' | 'action' | 'neutral';
/** Never colour alone. */
const marks: Readonly<Record<Tone, string>> = {
  proven: '✓',
  attention: '!',
  danger: '✕',
  action: '',
  neutral: '',
};

export function Chip({ tone, plain, children }: { tone: Tone; plain?: boolean; children: ReactNode }) {
  const styles = useStyles();
  return (
    <span className={mergeClasses(styles.chip, styles[tone])}>
      {!plain && marks[tone] !== '' && <span aria-hidden="true">{marks[tone]}</span>}
      {children}
    </span>
  );
}

export function Quiet({ children, className }: { children: ReactNode; className?: string | undefined }) {
  return <p className={mergeClasses(useStyles().quiet, className)}>{children}</p>;
}

/** A remark with its way out. */
export function Aside(props: {
  tone: 'attention' | 'danger' | 'action';
  title?: ReactNode;
  children: ReactNode;
}) {
  const styles = useStyles();
  const tone = { attention: styles.asideAttention, danger: styles.asideDanger, action: styles.asideAction };
  return (
    <div className={mergeClasses(styles.aside, tone[props.tone])}>
      {props.title !== undefined && <strong className={styles.asideTitle}>{props.title}</strong>}
      {props.children}
    </div>
  );
}
