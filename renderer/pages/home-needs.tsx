/** The words of each thing that waits, and its one next action. */
import type { HomeNeed } from '../../contract/home.ts';
import { type Action, useAction } from '../connection/api.tsx';
import { go } from '../shell/route.ts';
import { useSpeech } from '../speech/speech.tsx';

export interface NeedWords {
  readonly title: string;
  readonly detail: string;
  readonly urgent: boolean;
  readonly label: string;
  act(): void;
  readonly action: Action<undefined, unknown>;
}

export function useNeedActions(need: HomeNeed): NeedWords {
  const { text, format } = useSpeech();
  const action = useAction<undefined, unknown>(async (client) => {
    if (need.kind === 'crl-ends') return client.authority.publishCrl({ authority: need.authority });
    if (need.kind === 'practice-stopped') return client.practice.start({ port: 0 });
    return undefined;
  });
  const run = (): void => void action.run(undefined);
  const words = text.home.needs;
  switch (need.kind) {
    case 'prove':
      return {
        title: words.prove.title,
        detail: words.prove.detail(need.rollout),
        urgent: false,
        label: words.prove.act,
        act: () => go('guide', 'test'),
        action,
      };
    case 'practice-stopped':
      return {
        title: words.practiceStopped.title,
        detail: words.practiceStopped.detail,
        urgent: false,
        label: text.practice.start,
        act: run,
        action,
      };
    case 'crl-ends':
      return {
        title: words.crl.title(format.relative(need.at), need.over),
        detail: words.crl.detail(need.authority),
        urgent: need.over || format.days(need.at) < 3,
        label: words.crl.act,
        act: run,
        action,
      };
    case 'authority-ends':
      return {
        title: words.authority.title(need.authority, format.date(need.at), need.over),
        detail: words.authority.detail,
        urgent: need.over || format.days(need.at) < 90,
        label: text.common.show,
        act: () => go('authorities', need.authority),
        action,
      };
    case 'server-certificate-ends':
      return {
        title: words.server.title(need.name, format.date(need.at), need.over),
        detail: words.server.detail,
        urgent: need.over || format.days(need.at) < 7,
        label: words.server.act,
        act: () => go('guide', 'server-certificate'),
        action,
      };
    case 'clients-end':
      return {
        title: words.clients.title(need.count),
        detail: words.clients.detail(need.first, format.date(need.at)),
        urgent: false,
        label: text.common.show,
        act: () => go('certificates', 'ending'),
        action,
      };
    case 'revoked-still-let-in':
      return {
        title: words.revoked.title(need.count),
        detail: words.revoked.detail,
        urgent: false,
        label: words.revoked.act,
        act: () => go('certificates', 'revoked'),
        action,
      };
    case 'backup-due':
      return {
        title: words.backup.title,
        detail: words.backup.detail(need.changes),
        urgent: false,
        label: text.settings.backupMake,
        act: () => go('settings'),
        action,
      };
    case 'possibly-issued':
      return {
        title: words.possibly.title(need.count),
        detail: words.possibly.detail,
        urgent: true,
        label: text.common.show,
        act: () => go('certificates', 'possibly-issued'),
        action,
      };
  }
}
