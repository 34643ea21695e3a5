/** Finds and runs certutil and pk12util, never asking, and reads what they refuse. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { Problem } from '../../../contract/problem.ts';
import { runTool, type ToolRun } from '../run-tool.ts';
import { homeOf, type StoreHost } from '../store.ts';

/** NSS answers in milliseconds; a tool that takes this long waits for something that will not come. */
const timeLimit = 30_000;

export interface NssTools {
  readonly certutil: string;
  readonly pk12util: string;
  readonly env: Readonly<Record<string, string>>;
}

/** @throws Problem STORE_TOOL_MISSING */
export function findTools(host: StoreHost): NssTools {
  const find = (tool: string): string => {
    for (const directory of (host.env.PATH ?? '').split(delimiter)) {
      // A relative entry of PATH would run whatever lies in the current directory.
      if (isAbsolute(directory) && isExecutable(join(directory, tool))) return join(directory, tool);
    }
    throw new Problem('STORE_TOOL_MISSING', { tool, package: 'libnss3-tools' });
  };
  const certutil = find('certutil');
  const pk12util = find('pk12util');
  // C.UTF-8: nicknames pass unharmed, and messages stay in the English that is read below.
  return {
    certutil,
    pk12util,
    env: { PATH: host.env.PATH ?? '', HOME: homeOf(host), LC_ALL: 'C.UTF-8' },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** @throws Problem STORE_TOOL_FAILED when it cannot be started, hangs or floods. */
export function runNssTool(
  tools: NssTools,
  tool: 'certutil' | 'pk12util',
  args: readonly string[],
): Promise<ToolRun> {
  return runTool({ program: tools[tool], name: tool, args, env: tools.env, timeLimit });
}

/**
 * The problem behind a tool's refusal. NSS names its errors (`SEC_ERROR_BAD_PASSWORD`); only those names are
 * passed on, never the tool's text.
 */
export function refusal(
  tool: 'certutil' | 'pk12util',
  path: string,
  { exitCode, stdout, stderr }: ToolRun,
): Problem {
  const names: readonly string[] =
    `${stderr}\n${stdout}`.match(/\b(?:SEC|PR|SSL)_[A-Z0-9_]*ERROR[A-Z0-9_]*/g) ?? [];
  const reason = names[0] ?? `exit ${exitCode}`;
  if (names.includes('SEC_ERROR_BAD_PASSWORD')) return new Problem('STORE_LOCKED', { path });
  if (names.includes('SEC_ERROR_READ_ONLY')) return new Problem('STORE_READ_ONLY', { path, reason });
  if (/BAD_DATABASE|PKCS11_GENERAL_ERROR|LEGACY_DATABASE/.test(names.join(' ')))
    return new Problem('STORE_DAMAGED', { path, reason });
  return new Problem('STORE_TOOL_FAILED', { tool, reason });
}
