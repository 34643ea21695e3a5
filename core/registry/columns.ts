/**
 * Where the fields of a record live: one column for each field, under its SQL name. Every statement of a table
 * is built from this map, so a field cannot be written and not read.
 */
export type Columns<R> = { readonly [F in keyof R & string]-?: string };

/** A record as SQLite holds it: booleans and lists have become numbers and JSON text. */
export type Row = Readonly<Record<string, string | number | Uint8Array | null>>;

/** `id, certificate_id AS "certificateId"`: columns read under the names of the fields. */
export function selectList<R>(columns: Columns<R>, prefix = ''): string {
  return Object.entries<string>(columns)
    .map(([field, column]) => (field === column ? prefix + column : `${prefix}${column} AS "${field}"`))
    .join(', ');
}

/** `INSERT INTO t (id, certificate_id) VALUES (:id, :certificateId)`. */
export function insertStatement<R>(table: string, columns: Columns<R>): string {
  const names = Object.values<string>(columns).join(', ');
  const values = Object.keys(columns)
    .map((field) => `:${field}`)
    .join(', ');
  return `INSERT INTO ${table} (${names}) VALUES (${values})`;
}

/** `UPDATE t SET certificate_id = :certificateId WHERE id = :id`: everything but the id. */
export function updateStatement<R extends { readonly id: string }>(
  table: string,
  columns: Columns<R>,
): string {
  const assignments = Object.entries<string>(columns)
    .filter(([field]) => field !== 'id')
    .map(([field, column]) => `${column} = :${field}`);
  return `UPDATE ${table} SET ${assignments.join(', ')} WHERE id = :id`;
}
