import { Problem } from '../../contract/problem.ts';
import type { Slot } from './slot.ts';
import { maximumSlots, slotKinds, type VaultBody } from './vault-file.ts';

/** @throws Problem SLOT_ABSENT: never there, or removed or replaced by another process meanwhile. */
export function findSlot(vault: VaultBody, slotId: string): Slot {
  const slot = vault.slots.find(({ id }) => id === slotId);
  if (slot === undefined) throw new Problem('SLOT_ABSENT', { slot: slotId, slots: slotKinds(vault) });
  return slot;
}

/** @throws Problem TOO_MANY_SLOTS. */
export function withSlot(vault: VaultBody, slot: Slot): VaultBody {
  if (vault.slots.length >= maximumSlots) throw new Problem('TOO_MANY_SLOTS', { maximum: maximumSlots });
  return { id: vault.id, slots: [...vault.slots, slot] };
}

/** @throws Problem SLOT_ABSENT, LAST_SLOT. */
export function withoutSlot(vault: VaultBody, slotId: string): VaultBody {
  findSlot(vault, slotId);
  return keepingOneWayIn({ id: vault.id, slots: vault.slots.filter(({ id }) => id !== slotId) });
}

/** @throws Problem SLOT_ABSENT, LAST_SLOT. */
export function exchangeSlot(vault: VaultBody, slotId: string, next: Slot): VaultBody {
  findSlot(vault, slotId);
  return keepingOneWayIn({
    id: vault.id,
    slots: vault.slots.map((slot) => (slot.id === slotId ? next : slot)),
  });
}

/** A keychain dies with its computer. */
function keepingOneWayIn(vault: VaultBody): VaultBody {
  if (vault.slots.every((slot) => slot.kind === 'keychain')) throw new Problem('LAST_SLOT', {});
  return vault;
}
