/** A question before something that is not easily taken back: what it means, the act in its own words, and a way out. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useSpeech } from '../speech/speech.tsx';

/** While it is `pending` it cannot be closed. */
export function Confirm(props: {
  title: string;
  act: string;
  pending: boolean;
  onAct: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { text } = useSpeech();
  return (
    <Dialog open onOpenChange={() => !props.pending && props.onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{props.title}</DialogTitle>
          <DialogContent>{props.children}</DialogContent>
          <DialogActions>
            <Button appearance="primary" disabled={props.pending} onClick={props.onAct}>
              {props.act}
            </Button>
            <Button disabled={props.pending} onClick={props.onClose}>
              {text.common.cancel}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
