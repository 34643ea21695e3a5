/** The vault: one key over all secrets, opened through any of its slots. */
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { instant, secretText } from './values.ts';

export const slotKind = z.enum(['passphrase', 'keychain', 'recovery-code']);

export const vaultStatus = z.object({
  state: z.enum(['absent', 'locked', 'unlocked']),
  slots: z.array(z.object({ id: z.string(), kind: slotKind, createdAt: instant })),
  /** When it locks itself if nothing uses it; null when it is locked or never does. */
  locksAt: instant.nullable(),
  /** Minutes without use until it locks itself; 0 for never. */
  idleMinutes: z.number().int(),
});
export type VaultStatusView = z.infer<typeof vaultStatus>;

/** What proves a person to the vault. */
export const credential = z.discriminatedUnion('slot', [
  z.object({ slot: z.literal('passphrase'), passphrase: secretText }),
  z.object({ slot: z.literal('recovery-code'), recoveryCode: secretText }),
  z.object({ slot: z.literal('keychain') }),
]);
export type CredentialInput = z.infer<typeof credential>;

export const vault = {
  status: procedure.output(vaultStatus),
  /** The recovery code is shown here once and kept nowhere. */
  initialize: procedure
    .input(z.object({ passphrase: secretText, keychain: z.boolean().default(false) }))
    .output(z.object({ recoveryCode: z.string(), status: vaultStatus })),
  unlock: procedure.input(credential).output(vaultStatus),
  lock: procedure.output(vaultStatus),
  setIdleMinutes: procedure
    .input(z.object({ minutes: z.number().int().min(0).max(1440) }))
    .output(vaultStatus),
  changePassphrase: procedure.input(z.object({ current: secretText, next: secretText })).output(vaultStatus),
  /** A new recovery code, in place of the one there was; shown once. */
  renewRecoveryCode: procedure.output(z.object({ recoveryCode: z.string(), status: vaultStatus })),
  addKeychain: procedure.output(vaultStatus),
  removeSlot: procedure.input(z.object({ id: z.string() })).output(vaultStatus),
};
