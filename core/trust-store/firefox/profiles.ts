/** The profiles of Firefox, by the profiles.ini that lists them (https://support.mozilla.org/kb/profile-manager). */
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

export interface FirefoxProfile {
  readonly name: string;
  readonly path: string;
  /** Firefox starts with it: the default of an installation, or the only default there is. */
  readonly isDefault: boolean;
}

/** Empty when Firefox has never been started there. A line that is none of ours is skipped, as Firefox does. */
export function readProfiles(root: string): readonly FirefoxProfile[] {
  let text: string;
  try {
    text = readFileSync(join(root, 'profiles.ini'), 'utf8');
  } catch {
    return [];
  }
  const sections = readIni(text);
  // Since Firefox 67 every installation has a default of its own; `Default=1` is what older ones went by.
  const installs = sections.filter(({ name }) => name.startsWith('Install'));
  const defaults = new Set(installs.map(({ values }) => values.get('Default')));
  return sections
    .filter(({ name }) => /^Profile\d+$/.test(name))
    .flatMap(({ values }) => {
      const path = values.get('Path');
      if (!path) return [];
      const relative = values.get('IsRelative') !== '0' && !isAbsolute(path);
      return [
        {
          name: values.get('Name') || path,
          path: relative ? join(root, path) : path,
          isDefault: installs.length > 0 ? defaults.has(path) : values.get('Default') === '1',
        },
      ];
    });
}

interface Section {
  readonly name: string;
  readonly values: Map<string, string>;
}

function readIni(text: string): readonly Section[] {
  const sections: Section[] = [];
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]\s*$/.exec(line);
    if (header) sections.push({ name: header[1]!, values: new Map() });
    const at = line.indexOf('=');
    if (!header && at > 0) sections.at(-1)?.values.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return sections;
}
