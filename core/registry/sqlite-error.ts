import { Problem } from '../../contract/problem.ts';

/** Primary result codes, https://sqlite.org/rescode.html. */
const Result = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;
const ioErrorSharedMemorySize = 4874;
const constraintForeignKey = 787;
const constraintPrimaryKey = 1555;
const constraintUnique = 2067;
const constraintTrigger = 1811;

/**
 * The Problem that an error of SQLite stands for; anything else comes back as it is.
 * SQLite's own sentences are used only where they hold names of tables and columns, never values.
 */
export function sqliteProblem(error: unknown, path: string, waitSeconds: number): unknown {
  const { code, errcode, message } = error as Error & { code?: string; errcode?: number };
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined) return error;
  if (errcode === constraintUnique || errcode === constraintPrimaryKey) return conflict(message);
  if (errcode === constraintForeignKey || errcode === constraintTrigger)
    return new Problem('REGISTRY_REFERENCE', {});
  // The index of the write-ahead log could not grow.
  if (errcode === ioErrorSharedMemorySize) return new Problem('REGISTRY_DISK_FULL', { path });
  switch (errcode & 0xff) {
    case Result.busy:
    case Result.locked:
      return new Problem('REGISTRY_BUSY', { path, seconds: waitSeconds });
    case Result.full:
      return new Problem('REGISTRY_DISK_FULL', { path });
    case Result.readOnly:
      return new Problem('REGISTRY_READ_ONLY', { path });
    case Result.corrupt:
    case Result.notADatabase:
      return new Problem('REGISTRY_DAMAGED', { path, reason: message });
    case Result.ioError:
    case Result.cannotOpen:
      return new Problem('REGISTRY_UNAVAILABLE', { path, reason: message });
    default:
      return error;
  }
}

/** The Problem that an error while opening stands for: of SQLite, or of the file system around it. */
export function openingProblem(error: unknown, path: string, waitSeconds: number): unknown {
  switch ((error as { code?: string }).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Problem('REGISTRY_DISK_FULL', { path });
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new Problem('REGISTRY_READ_ONLY', { path });
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return new Problem('REGISTRY_UNAVAILABLE', { path, reason: (error as { code: string }).code });
    default:
      return sqliteProblem(error, path, waitSeconds);
  }
}

/** "UNIQUE constraint failed: certificates.authority_id, certificates.serial" */
function conflict(message: string): Problem {
  const fields = message
    .slice(message.indexOf(':') + 1)
    .trim()
    .split(/,\s*/);
  const table = fields[0]?.split('.')[0] ?? 'registry';
  const field = fields.map((name) => name.split('.')[1] ?? name).join(', ');
  return new Problem('REGISTRY_CONFLICT', { table, field });
}
