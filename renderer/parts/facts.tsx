/** Names and values, one below the other. */
import { makeStyles } from '@fluentui/react-components';
import { Fragment, type ReactNode } from 'react';
import { look } from '../look/theme.ts';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    columnGap: '16px',
    rowGap: '4px',
    margin: 0,
    fontSize: '14px',
    lineHeight: '20px',
  },
  name: { color: look.quietText, margin: 0 },
  value: { margin: 0, overflowWrap: 'anywhere' },
});

export function Facts({ of }: { of: readonly (readonly [name: ReactNode, value: ReactNode])[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.list}>
      {of.map(([name, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is as fixed as its markup
        <Fragment key={at}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
