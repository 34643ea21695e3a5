/** Sessions: what they serve and what they refuse. */
import { EventEmitter } from 'node:events';
import type Electron from 'electron';

type Handler = Parameters<Electron.Protocol['handle']>[1];

export class DoubleSession extends EventEmitter {
  readonly handlers = new Map<string, Handler>();
  readonly protocol = {
    handle: (scheme: string, handler: Handler): void => {
      if (this.handlers.has(scheme)) throw new Error(`The scheme ${scheme} is handled already`);
      this.handlers.set(scheme, handler);
    },
  } satisfies Partial<Electron.Protocol>;
  permissionRequest: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null;
  permissionCheck: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null;
  devicePermission: Parameters<Electron.Session['setDevicePermissionHandler']>[0] = null;

  setPermissionRequestHandler(handler: typeof this.permissionRequest): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: typeof this.permissionCheck): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: typeof this.devicePermission): void {
    this.devicePermission = handler;
  }
}

export const handlersOf = ({ handlers }: DoubleSession): ReadonlyMap<string, Handler> => handlers;

const sessions = new Map<string, DoubleSession>();

export function sessionFor(partition: string): DoubleSession {
  const known = sessions.get(partition) ?? new DoubleSession();
  sessions.set(partition, known);
  return known;
}

({}) as DoubleSession satisfies Pick<
  Electron.Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;
