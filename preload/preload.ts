/**
 * The bridge: five functions and a port, nothing of Electron itself. Runs sandboxed, in a world of its own; what the
 * page gets are copies of values.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { channels, handedMessage, portMessage, type ShellBridge } from '../contract/shell.ts';

ipcRenderer.on(channels.connect, ({ ports }) => window.postMessage(portMessage, '*', [...ports]));
ipcRenderer.on(channels.handed, () => window.postMessage(handedMessage, '*'));

contextBridge.exposeInMainWorld('warifu', {
  connect: () => ipcRenderer.send(channels.connect),
  saveFile: (request) => ipcRenderer.invoke(channels.saveFile, request),
  openFiles: (request) => ipcRenderer.invoke(channels.openFiles, request),
  takeHanded: () => ipcRenderer.invoke(channels.handed),
  copyText: (text) => ipcRenderer.invoke(channels.copyText, text),
} satisfies ShellBridge);
