/** Asks for the vault wherever something needs it, and lets that go on afterwards. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Radio,
  RadioGroup,
} from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { type Approval, UnlockProvider, useApi } from '../connection/api.tsx';
import { problemOf, type WindowProblem } from '../connection/problem-of.ts';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { useSpeech } from '../speech/speech.tsx';

export function UnlockGate({ children }: { children: ReactNode }) {
  const waiting = useRef<((opened: boolean) => void)[]>([]);
  const [asking, setAsking] = useState<{ readonly approval?: Approval | undefined } | null>(null);
  const ask = useCallback(
    (approval?: Approval) =>
      new Promise<boolean>((resolve) => {
        waiting.current.push(resolve);
        setAsking({ approval });
      }),
    [],
  );
  const finish = (opened: boolean): void => {
    setAsking(null);
    for (const resolve of waiting.current.splice(0)) resolve(opened);
  };
  return (
    <UnlockProvider value={ask}>
      {children}
      {asking && <UnlockDialog approval={asking.approval} onEnd={finish} />}
    </UnlockProvider>
  );
}

type Slot = 'passphrase' | 'recovery-code' | 'keychain';

function UnlockDialog({
  approval,
  onEnd,
}: {
  approval: Approval | undefined;
  onEnd: (opened: boolean) => void;
}) {
  const { text } = useSpeech();
  const { client, query } = useApi();
  const slots = useQuery(query.vault.status.queryOptions()).data?.slots ?? [];
  const [slot, setSlot] = useState<Slot>('passphrase');
  const [secret, setSecret] = useState('');
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<WindowProblem | null>(null);
  const unlock = async (): Promise<void> => {
    setPending(true);
    setProblem(null);
    try {
      const credential =
        slot === 'passphrase'
          ? { slot, passphrase: secret }
          : slot === 'recovery-code'
            ? { slot, recoveryCode: secret }
            : { slot };
      if (approval) await client.authority.approveSigning({ ...approval, credential });
      else await client.vault.unlock(credential);
      onEnd(true);
    } catch (error) {
      setProblem(problemOf(error));
      setPending(false);
    }
  };
  const words = approval ? text.vault.approve : text.vault.unlock;
  const kinds = [...new Set(slots.map(({ kind }) => kind))];
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onEnd(false)}>
      <DialogSurface>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void unlock();
          }}
        >
          <DialogBody>
            <DialogTitle>{words}</DialogTitle>
            <DialogContent>
              <p>{approval ? text.vault.approveWhy(approval.authority) : text.vault.why}</p>
              {kinds.length > 1 && (
                <RadioGroup
                  aria-label={text.vault.openBy}
                  layout="horizontal"
                  value={slot}
                  onChange={(_, { value }) => setSlot(value as Slot)}
                >
                  {kinds.map((kind) => (
                    <Radio key={kind} value={kind} label={text.vault.kinds[kind]} />
                  ))}
                </RadioGroup>
              )}
              {slot !== 'keychain' && (
                <Field label={text.vault.kinds[slot]}>
                  <Input
                    autoFocus
                    type={slot === 'passphrase' ? 'password' : 'text'}
                    autoComplete="off"
                    value={secret}
                    onChange={(_, { value }) => setSecret(value)}
                  />
                </Field>
              )}
              <ProblemBar problem={problem} />
            </DialogContent>
            <DialogActions>
              <Button appearance="primary" type="submit" disabled={pending}>
                {words}
              </Button>
              <Button onClick={() => onEnd(false)}>{text.common.cancel}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
