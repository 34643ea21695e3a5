import { Problem } from '../../contract/problem.ts';
import { openSimulator } from '../practice.ts';
import type { Register } from './register.ts';

/** Runs beside everything else: no data directory, no vault, so that any client can practise against it. */
export const registerSimulator: Register = (program, { text, action }) => {
  const simulator = program.command('simulator').description(text.commands.simulator);
  simulator
    .command('start')
    .description(text.commands.simulatorStart)
    .option('--port <n>', text.options.port, '0')
    .action(
      action(async (session, options: { port: string }) => {
        const port = Number(options.port);
        if (!Number.isInteger(port) || port < 0 || port > 65535)
          throw new Problem('VALUE_INVALID', { what: '--port', value: options.port });
        const running = await openSimulator({ port });
        const { endpoint, accessKeyId, accessKeySecret, regionId, backends } = running;
        const stopped = new Promise<void>((resolve) => {
          process.once('SIGINT', resolve);
          process.once('SIGTERM', resolve);
        });
        session.result({ endpoint, accessKeyId, accessKeySecret, regionId, backends }, () =>
          text.results.simulatorReady(endpoint),
        );
        await stopped;
        await running.close();
      }),
    );
};
