import { Problem } from '../../../contract/problem.ts';
import { type Columns, insertStatement, selectList } from '../columns.ts';
import type { IntentRecord } from '../records.ts';
import type { Statements } from '../statements.ts';

const columns: Columns<IntentRecord> = {
  id: 'id',
  authorityId: 'authority_id',
  serial: 'serial',
  subject: 'subject',
  profile: 'profile',
  createdAt: 'created_at',
  state: 'state',
  certificateId: 'certificate_id',
};
const select = `SELECT ${selectList(columns)} FROM intents`;

/** What was about to be signed. Written before the signature, so that no certificate can exist unrecorded. */
export class IntentsTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** @throws Problem REGISTRY_CONFLICT when this authority has planned or used the serial before. */
  insert(record: IntentRecord): void {
    this.#statements.run(insertStatement('intents', columns), { ...record });
  }

  get(id: string): IntentRecord | undefined {
    return this.#statements.first(`${select} WHERE id = :id`, { id });
  }

  /** Possibly issued: intents that no certificate followed, oldest first. */
  open(): IntentRecord[] {
    return this.#statements.all(`${select} WHERE state = 'open' ORDER BY created_at, id`);
  }

  /**
   * Closes an open intent, once.
   * @throws Problem REGISTRY_ABSENT_ROW when it does not exist or was settled before.
   */
  settle(id: string, state: Exclude<IntentRecord['state'], 'open'>, certificateId: string | null): void {
    const changed = this.#statements.run(
      `UPDATE intents SET state = :state, certificate_id = :certificateId WHERE id = :id AND state = 'open'`,
      { id, state, certificateId },
    );
    if (changed === 0) throw new Problem('REGISTRY_ABSENT_ROW', { table: 'intents', row: id });
  }
}
