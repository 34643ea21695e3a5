/**
 * Why a simulator could not be started.
 * - `PORT_BUSY`: another program has the API port.
 * - `STATE_DAMAGED`: the state file cannot be read as one; it is left as it is.
 * - `STATE_OTHER_ACCESS_KEY`: the state file was written under another AccessKey.
 */
export type SimulatorErrorCode = 'PORT_BUSY' | 'STATE_DAMAGED' | 'STATE_OTHER_ACCESS_KEY';

export class SimulatorError extends Error {
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SimulatorError';
    this.code = code;
  }
}
