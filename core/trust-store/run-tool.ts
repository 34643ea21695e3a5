/** Runs a program of the system: by absolute path, with an argument array, never through a shell. */
import { spawn } from 'node:child_process';
import { Problem } from '../../contract/problem.ts';

const outputLimit = 16 * 1024 * 1024;

export interface ToolCall {
  /** Absolute path. */
  readonly program: string;
  /** What problems call it. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Standard input; nothing when absent. */
  readonly input?: string;
  /** Milliseconds after which it waits for something that will not come. */
  readonly timeLimit: number;
}

export interface ToolRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one tool to its end. In a session of its own, so that it finds no terminal to ask on and Ctrl-C in ours
 * does not cut it off between two writes.
 * @throws Problem STORE_TOOL_FAILED when it cannot be started, hangs or floods.
 */
export function runTool({ program, name, args, env, input, timeLimit }: ToolCall): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const fail = (reason: string): void => {
      child.kill('SIGKILL');
      reject(new Problem('STORE_TOOL_FAILED', { tool: name, reason }));
    };
    const timer = setTimeout(() => fail('timeout'), timeLimit);
    const output: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
    let size = 0;
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > outputLimit) fail('output');
        else output[stream].push(chunk);
      });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      fail(error.code ?? 'spawn');
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
      resolve({ exitCode: code ?? -1, stdout: text(output.stdout), stderr: text(output.stderr) });
    });
    // A tool that ends without reading is judged by what it did, not by the broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
