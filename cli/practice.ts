/** Practice, as this face gives it to core: the simulator in this process. Core itself never imports the simulator. */
import { Problem } from '../contract/problem.ts';
import type { StartPractice } from '../core/practice/practice.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { SimulatorError } from '../simulator/simulator-error.ts';

/** @throws Problem PORT_BUSY */
export const openSimulator: StartPractice = async ({ port, statePath }) => {
  try {
    return await startSimulator({ port, ...(statePath === undefined ? {} : { statePath }) });
  } catch (error) {
    if (!(error instanceof SimulatorError && error.code === 'PORT_BUSY')) throw error;
    throw new Problem('PORT_BUSY', { host: '127.0.0.1', port, reason: causeOf(error) });
  }
};

function causeOf(error: SimulatorError): string {
  return (error.cause as NodeJS.ErrnoException | undefined)?.code ?? error.code;
}
