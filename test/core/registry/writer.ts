import { writeSync } from 'node:fs';
import { Registry } from '../../../core/registry/registry.ts';
import { certificate } from './records.ts';

/** A process that inserts certificates, and says so on stdout after each commit: `PATH PREFIX COUNT`. */
const [path, prefix, count] = process.argv.slice(2) as [string, string, string];
const registry = Registry.open(path, { clock: () => new Date() });
for (let n = 0; n < Number(count); n += 1) {
  const serial = prefix + n.toString(16).padStart(6, '0');
  registry.write((rows) => {
    const last = Number(rows.settings.get('count') ?? '0');
    rows.certificates.insert(certificate(serial));
    rows.settings.set('count', String(last + 1));
  });
  writeSync(1, `${serial}\n`);
}
registry.close();
