/** Cloud accounts: an AccessKey, its region, and where its API answers. The secret lives in the vault only. */
import { randomUUID } from 'node:crypto';
import { Problem } from '../../contract/problem.ts';
import { audit, type CoreContext, requireUnlocked } from '../context.ts';
import type { CloudAccountRecord } from '../registry/records.ts';
import { createSlbClient, type SlbClient } from '../slb/client.ts';

export interface AccountInput {
  readonly name: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly regionId: string;
  readonly endpoint: string | null;
  readonly practice: boolean;
}

/**
 * Adds an account, or replaces the one of that name; the old secret goes in the same transaction.
 * @throws Problem VAULT_LOCKED
 */
export function saveAccount(context: CoreContext, input: AccountInput): CloudAccountRecord {
  const secretId = randomUUID();
  const createdAt = context.clock().toISOString();
  const plaintext = Buffer.from(input.accessKeySecret, 'utf8');
  const sealed = context.vault.seal('access-key-secret', secretId, plaintext);
  plaintext.fill(0);
  return context.registry.write((rows) => {
    const existing = rows.cloudAccounts.byName(input.name);
    const { name, accessKeyId, regionId, endpoint, practice } = input;
    const record: CloudAccountRecord = {
      id: existing?.id ?? randomUUID(),
      name,
      accessKeyId,
      secretId,
      regionId,
      endpoint,
      practice,
      createdAt: existing?.createdAt ?? createdAt,
    };
    rows.secrets.insert({ id: secretId, kind: 'access-key-secret', sealed, createdAt });
    if (existing) {
      rows.cloudAccounts.update(record);
      rows.secrets.delete(existing.secretId);
    } else rows.cloudAccounts.insert(record);
    audit(context, rows, existing ? 'cloud.account-replaced' : 'cloud.account-added', {
      account: name,
      accessKeyId,
      regionId,
      practice,
    });
    return record;
  });
}

/** By name; without one, the only account there is. @throws Problem CLOUD_ACCOUNT_NOT_FOUND */
export function findAccount({ registry }: CoreContext, name: string | undefined): CloudAccountRecord {
  const all = registry.read((rows) => rows.cloudAccounts.list());
  const found =
    name === undefined
      ? all.length === 1
        ? all[0]
        : undefined
      : all.find((account) => account.name === name);
  if (!found)
    throw new Problem('CLOUD_ACCOUNT_NOT_FOUND', {
      account: name ?? '',
      known: all.map((account) => account.name).join(', '),
    });
  return found;
}

/** A client for the account. @throws Problem VAULT_LOCKED, SECRET_DAMAGED, UNKNOWN_REGION */
export function clientFor(
  { registry, vault }: CoreContext,
  account: CloudAccountRecord,
  signal?: AbortSignal,
): SlbClient {
  const secret = registry.read((rows) => rows.secrets.get(account.secretId)!);
  const plaintext = vault.unseal('access-key-secret', account.secretId, secret.sealed);
  const credentials = {
    accessKeyId: account.accessKeyId,
    accessKeySecret: Buffer.from(plaintext).toString('utf8'),
  };
  plaintext.fill(0);
  return createSlbClient({
    regionId: account.regionId,
    credentials,
    ...(account.endpoint === null ? {} : { endpoint: account.endpoint }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Forgets an account and its secret. Rollouts made with it stay in the cloud. */
export function removeAccount(context: CoreContext, account: CloudAccountRecord): void {
  requireUnlocked(context);
  context.registry.write((rows) => {
    rows.cloudAccounts.delete(account.id);
    rows.secrets.delete(account.secretId);
    audit(context, rows, 'cloud.account-removed', {
      account: account.name,
      accessKeyId: account.accessKeyId,
    });
  });
}
