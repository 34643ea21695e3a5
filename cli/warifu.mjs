#!/usr/bin/env node
// The door of the command line. It is plain JavaScript so that an older Node can still read it and say why it stops.
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

const besideThis = (path) => fileURLToPath(new URL(path, import.meta.url));

if (Number.parseInt(process.versions.node, 10) < 24) {
  refuse(
    `Warifu needs Node 24 or newer, but this is Node ${process.versions.node}. "npm start" installs the right one.`,
  );
} else if (!existsSync(besideThis('../node_modules')) && !existsSync(besideThis('../../node_modules'))) {
  // One floor up from cli, two from dist/cli.
  refuse('The packages that Warifu needs are not installed. "npm start" installs them.');
} else {
  // In a checkout: types are stripped once, not at every start, which makes it twice as quick. In no folder that others write to.
  if (existsSync(besideThis('main.ts')))
    module.enableCompileCache(besideThis('../node_modules/.cache/warifu'));
  await import('./main.ts');
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
