/** Nothing can be shown, since what all of it is read from cannot be read. Where a backup is the remedy, it is here. */
import { Button } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import type { WindowProblem } from '../connection/problem-of.ts';
import { Actions } from '../parts/form.tsx';
import { Card, Page, Quiet } from '../parts/page.tsx';
import { ProblemBar } from '../parts/problem-bar.tsx';
import { RestoreForm } from '../parts/restore-form.tsx';
import { UnlockGate } from '../shell/unlock-dialog.tsx';
import { useSpeech } from '../speech/speech.tsx';

const mendedByBackup: readonly string[] = ['REGISTRY_DAMAGED', 'VAULT_DAMAGED'];

export function Unreadable({ problem }: { problem: WindowProblem | null }) {
  const { text } = useSpeech();
  const queries = useQueryClient();
  const labels = text.unreadable;
  const again = (): void => void queries.resetQueries();
  return (
    <UnlockGate>
      <main>
        <Page title={labels.title}>
          <ProblemBar problem={problem} />
          <Actions>
            <Button onClick={again}>{labels.again}</Button>
          </Actions>
          {problem && mendedByBackup.includes(problem.code) && (
            <Card title={labels.restore}>
              <Quiet>{text.restore.planFirst}</Quiet>
              <RestoreForm primary onDone={again} />
            </Card>
          )}
        </Page>
      </main>
    </UnlockGate>
  );
}
