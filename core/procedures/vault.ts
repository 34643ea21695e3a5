import type { CredentialInput, VaultStatusView } from '../../contract/vault.ts';
import { audit, type CoreContext } from '../context.ts';
import { idleMinutes, setIdleMinutes } from '../idle-lock.ts';
import type { Credential } from '../vault/credential.ts';
import { os } from './base.ts';

const view = ({ vault, registry }: CoreContext): VaultStatusView => {
  const { state, slots, locksAt } = vault.status();
  return {
    state,
    slots: slots.map(({ id, kind, createdAt }) => ({ id, kind, createdAt })),
    locksAt: locksAt?.toISOString() ?? null,
    idleMinutes: idleMinutes(registry),
  };
};

export function credentialOf(input: CredentialInput): Credential {
  switch (input.slot) {
    case 'passphrase':
      return { kind: 'passphrase', passphrase: input.passphrase };
    case 'recovery-code':
      return { kind: 'recovery-code', code: input.recoveryCode };
    case 'keychain':
      return { kind: 'keychain' };
  }
}

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
    await context.vault.unlock(credentialOf(input));
    return view(context);
  }),

  lock: os.vault.lock.handler(({ context: { context } }) => {
    context.vault.lock();
    return view(context);
  }),

  setIdleMinutes: os.vault.setIdleMinutes.handler(({ input, context: { context } }) => {
    setIdleMinutes(context, input.minutes);
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
