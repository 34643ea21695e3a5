/** Which load balancer: a new one, or one that stands already, picked from those of the account or typed by its id. */
import {
  Button,
  Combobox,
  Field,
  makeStyles,
  Option,
  Radio,
  RadioGroup,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CloudLoadBalancer } from '../../contract/cloud.ts';
import { useApi } from '../connection/api.tsx';
import { problemOf } from '../connection/problem-of.ts';
import { look } from '../look/theme.ts';
import { useSpeech } from '../speech/speech.tsx';
import { Actions, TextField } from './form.tsx';
import { Quiet } from './page.tsx';
import { ProblemBar } from './problem-bar.tsx';

const useStyles = makeStyles({
  whole: { gridColumn: '1 / -1' },
  option: { display: 'flex', flexDirection: 'column', minWidth: 0 },
  name: { fontWeight: tokens.fontWeightSemibold },
  facts: { color: look.quietText, fontSize: '12px', lineHeight: '16px', overflowWrap: 'anywhere' },
  combobox: { width: '100%', minWidth: 0, maxWidth: '480px' },
  listbox: { maxHeight: '280px' },
});

/** More are found by typing a part of the name, id or address. */
const mostOffered = 50;

export type Place = 'new' | 'existing';

export function LoadBalancerField(props: {
  account: string;
  newName: string;
  place: Place;
  id: string;
  onPlace: (place: Place) => void;
  onId: (id: string) => void;
}) {
  const { text } = useSpeech();
  const styles = useStyles();
  const { query } = useApi();
  // The cloud is asked when somebody wants to choose, not because a form is shown.
  const [asked, setAsked] = useState(false);
  const found = useQuery(
    query.cloud.loadBalancers.queryOptions({
      input: { account: props.account },
      enabled: asked && props.place === 'existing',
      staleTime: 30_000,
    }),
  );
  const labels = text.pickLoadBalancer;
  const all = found.data ?? [];
  const offered = matching(all, props.id);
  return (
    <div className={styles.whole}>
      <Field label={text.rollout.loadBalancer}>
        <RadioGroup
          layout="horizontal"
          value={props.place}
          onChange={(_, { value }) => {
            setAsked(true);
            props.onPlace(value as Place);
          }}
        >
          <Radio value="new" label={text.rollout.newOne(props.newName)} />
          <Radio value="existing" label={labels.existing} />
        </RadioGroup>
      </Field>
      {props.place === 'existing' && (
        <>
          <TextField label={labels.which} hint={labels.hint}>
            <Combobox
              className={styles.combobox}
              listbox={{ className: styles.listbox }}
              inlinePopup
              freeform
              value={props.id}
              selectedOptions={[props.id]}
              onOpenChange={(_, { open }) => open && setAsked(true)}
              onChange={(event) => props.onId(event.target.value)}
              onOptionSelect={(_, { optionValue }) => {
                if (optionValue !== undefined) props.onId(optionValue);
              }}
            >
              {offered.map((each) => (
                <Option key={each.id} value={each.id} text={each.id}>
                  <OneOf each={each} />
                </Option>
              ))}
              {offered.length === 0 && (
                <Option disabled value="" text={props.id}>
                  {found.isFetching ? labels.asking : labels.noneMatches}
                </Option>
              )}
            </Combobox>
          </TextField>
          <div role="status">
            {found.isFetching && <Spinner size="tiny" label={labels.asking} labelPosition="after" />}
            {found.data && !found.isFetching && all.length === 0 && <Quiet>{labels.noneThere}</Quiet>}
          </div>
          {found.error && !found.isFetching && (
            <>
              <ProblemBar problem={problemOf(found.error)} />
              <Quiet>{labels.typeAnyway}</Quiet>
            </>
          )}
          {asked && !found.isFetching && (
            <Actions>
              <Button size="small" onClick={() => void found.refetch()}>
                {labels.askAgain}
              </Button>
            </Actions>
          )}
        </>
      )}
    </div>
  );
}

function OneOf({ each }: { each: CloudLoadBalancer }) {
  const { text } = useSpeech();
  const styles = useStyles();
  const states: Readonly<Record<string, string>> = text.pickLoadBalancer.states;
  return (
    <span className={styles.option}>
      <span className={styles.name}>{each.name || each.id}</span>
      <span className={styles.facts}>
        {[each.id, each.address, states[each.status] ?? each.status]
          .filter((fact) => fact !== '')
          .join(' · ')}
      </span>
    </span>
  );
}

/** One that was picked hides the others no more than nothing typed does. */
function matching(all: readonly CloudLoadBalancer[], typed: string): readonly CloudLoadBalancer[] {
  const words = typed.trim().toLowerCase();
  const picked = all.some(({ id }) => id === words);
  return all
    .filter(
      ({ id, name, address }) =>
        picked || [id, name, address].some((fact) => fact.toLowerCase().includes(words)),
    )
    .slice(0, mostOffered);
}
