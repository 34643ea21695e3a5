import { Problem } from '../../../contract/problem.ts';
import { type Columns, insertStatement, selectList, updateStatement } from '../columns.ts';
import type { RolloutRecord, RolloutStepRecord } from '../records.ts';
import type { Statements } from '../statements.ts';

const columns: Columns<RolloutRecord> = {
  id: 'id',
  name: 'name',
  accountId: 'account_id',
  desired: 'desired',
  resources: 'resources',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
};
const select = `SELECT ${selectList(columns)} FROM rollouts`;

/** Desired states of the cloud, and what was made for them. */
export class RolloutsTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** @throws Problem REGISTRY_CONFLICT when the name is taken. */
  insert(record: RolloutRecord): void {
    this.#statements.run(insertStatement('rollouts', columns), { ...record });
  }

  /** Writes every field of the record of this id. @throws Problem REGISTRY_ABSENT_ROW */
  update(record: RolloutRecord): void {
    const changed = this.#statements.run(updateStatement('rollouts', columns), { ...record });
    if (changed === 0) throw new Problem('REGISTRY_ABSENT_ROW', { table: 'rollouts', row: record.id });
  }

  get(id: string): RolloutRecord | undefined {
    return this.#statements.first(`${select} WHERE id = :id`, { id });
  }

  byName(name: string): RolloutRecord | undefined {
    return this.#statements.first(`${select} WHERE name = :name`, { name });
  }

  /** Oldest first. */
  list(): RolloutRecord[] {
    return this.#statements.all(`${select} ORDER BY created_at, id`);
  }

  /** Its journal goes with it. */
  delete(id: string): void {
    this.#statements.run('DELETE FROM rollouts WHERE id = :id', { id });
  }
}

const stepColumns: Columns<RolloutStepRecord> = {
  rolloutId: 'rollout_id',
  runId: 'run_id',
  step: 'step',
  state: 'state',
  at: 'at',
  detail: 'detail',
};

/** The journals of the rollouts: append only, in the order of writing. */
export class RolloutStepsTable {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  append(record: RolloutStepRecord): void {
    this.#statements.run(insertStatement('rollout_steps', stepColumns), { ...record });
  }

  list(rolloutId: string): RolloutStepRecord[] {
    const sql = `SELECT ${selectList(stepColumns)} FROM rollout_steps WHERE rollout_id = :rolloutId ORDER BY position`;
    return this.#statements.all(sql, { rolloutId });
  }
}
