#!/usr/bin/env node
// The door of the command line. It is plain JavaScript so that an older Node can still read it and say why it stops.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (Number.parseInt(process.versions.node, 10) < 24) {
  refuse(
    `Warifu needs Node 24 or newer, but this is Node ${process.versions.node}. "npm start" installs the right one.`,
  );
} else if (!existsSync(fileURLToPath(new URL('../node_modules', import.meta.url)))) {
  refuse('The packages that Warifu needs are not installed. "npm start" installs them.');
} else {
  await import('./main.ts');
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
