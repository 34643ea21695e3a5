import type { VaultStatusView } from '../../contract/vault.ts';
import { audit, type CoreContext } from '../context.ts';
import { os } from './base.ts';

const view = ({ vault }: CoreContext): VaultStatusView => {
  const { state, slots } = vault.status();
  return { state, slots: slots.map(({ id, kind, createdAt }) => ({ id, kind, createdAt })) };
};

const record = (context: CoreContext, action: string): void =>
  context.registry.write((rows) => audit(context, rows, action, {}));

export const vault = os.vault.router({
  status: os.vault.status.handler(({ context: { context } }) => view(context)),

  initialize: os.vault.initialize.handler(async ({ input, context: { context } }) => {
    await context.vault.initialize(input.passphrase);
    const { recoveryCode } = await context.vault.addSlot({ kind: 'recovery-code' });
    if (input.keychain) await context.vault.addSlot({ kind: 'keychain' });
    record(context, 'vault.created');
    return { recoveryCode: recoveryCode!, status: view(context) };
  }),

  unlock: os.vault.unlock.handler(async ({ input, context: { context } }) => {
    if (input.slot === 'passphrase')
      await context.vault.unlock({ kind: 'passphrase', passphrase: input.passphrase });
    else if (input.slot === 'recovery-code')
      await context.vault.unlock({ kind: 'recovery-code', code: input.recoveryCode });
    else await context.vault.unlock({ kind: 'keychain' });
    return view(context);
  }),

  lock: os.vault.lock.handler(({ context: { context } }) => {
    context.vault.lock();
    return view(context);
  }),

  changePassphrase: os.vault.changePassphrase.handler(async ({ input, context: { context } }) => {
    await context.vault.changePassphrase(input.current, input.next);
    record(context, 'vault.passphrase-changed');
    return view(context);
  }),

  renewRecoveryCode: os.vault.renewRecoveryCode.handler(async ({ context: { context } }) => {
    const old = context.vault.status().slots.find(({ kind }) => kind === 'recovery-code');
    const wanted = { kind: 'recovery-code' } as const;
    const { recoveryCode } = await (old
      ? context.vault.replaceSlot(old.id, wanted)
      : context.vault.addSlot(wanted));
    record(context, 'vault.recovery-code-renewed');
    return { recoveryCode: recoveryCode!, status: view(context) };
  }),

  addKeychain: os.vault.addKeychain.handler(async ({ context: { context } }) => {
    await context.vault.addSlot({ kind: 'keychain' });
    record(context, 'vault.keychain-added');
    return view(context);
  }),

  removeSlot: os.vault.removeSlot.handler(async ({ input, context: { context } }) => {
    await context.vault.removeSlot(input.id);
    record(context, 'vault.slot-removed');
    return view(context);
  }),
});
