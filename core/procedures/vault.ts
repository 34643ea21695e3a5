import type { AuditAction } from '../../contract/audit.ts';
import { Problem } from '../../contract/problem.ts';
import type { CredentialInput, VaultStatusView } from '../../contract/vault.ts';
import { audit, type CoreContext } from '../context.ts';
import { idleMinutes, setIdleMinutes } from '../idle-lock.ts';
import type { Credential } from '../vault/credential.ts';
import { os, type Rooms } from './base.ts';

const view = (context: CoreContext): VaultStatusView => {
  const { state, slots, locksAt } = context.vault.status();
  return {
    state,
    slots: slots.map(({ id, kind, createdAt }) => ({ id, kind, createdAt })),
    locksAt: locksAt?.toISOString() ?? null,
    idleMinutes: idleMinutes(() => context.registry),
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

/** Before the vault is changed: what cannot be recorded is not begun. @throws Problem REGISTRY_* */
const requireRecordable = ({ registry }: CoreContext): void => registry.write(() => {});

/** The vault has changed by now, and a recovery code may be on its way out: a failure here must not take it back. */
function record({ context, log }: Rooms, action: AuditAction): void {
  try {
    context.registry.write((rows) => audit(context, rows, action, {}));
  } catch (error) {
    log.record(action, error);
  }
}

export const vault = os.vault.router({
  status: os.vault.status.handler(({ context: { context } }) => view(context)),

  initialize: os.vault.initialize.handler(async ({ input, context: rooms }) => {
    const { context } = rooms;
    // A new vault beside secrets that it cannot open would look like the old one, and lose them.
    if (context.vault.status().state === 'absent' && context.registry.read((rows) => rows.secrets.any()))
      throw new Problem('VAULT_LOST', { path: context.files.vault });
    requireRecordable(context);
    await context.vault.initialize(input.passphrase);
    const { recoveryCode } = await context.vault.addSlot({ kind: 'recovery-code' });
    // Without a keychain there is still a vault, and a code that must be shown; the status says which slots it has.
    if (input.keychain)
      await context.vault.addSlot({ kind: 'keychain' }).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error;
      });
    record(rooms, 'vault.created');
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

  changePassphrase: os.vault.changePassphrase.handler(async ({ input, context: rooms }) => {
    const { context } = rooms;
    requireRecordable(context);
    await context.vault.changePassphrase(input.current, input.next);
    record(rooms, 'vault.passphrase-changed');
    return view(context);
  }),

  renewRecoveryCode: os.vault.renewRecoveryCode.handler(async ({ context: rooms }) => {
    const { context } = rooms;
    requireRecordable(context);
    const old = context.vault.status().slots.find(({ kind }) => kind === 'recovery-code');
    const wanted = { kind: 'recovery-code' } as const;
    const { recoveryCode } = await (old
      ? context.vault.replaceSlot(old.id, wanted)
      : context.vault.addSlot(wanted));
    record(rooms, 'vault.recovery-code-renewed');
    return { recoveryCode: recoveryCode!, status: view(context) };
  }),

  addKeychain: os.vault.addKeychain.handler(async ({ context: rooms }) => {
    const { context } = rooms;
    requireRecordable(context);
    await context.vault.addSlot({ kind: 'keychain' });
    record(rooms, 'vault.keychain-added');
    return view(context);
  }),

  removeSlot: os.vault.removeSlot.handler(async ({ input, context: rooms }) => {
    const { context } = rooms;
    requireRecordable(context);
    await context.vault.removeSlot(input.id);
    record(rooms, 'vault.slot-removed');
    return view(context);
  }),
});
