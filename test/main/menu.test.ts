import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Electron from 'electron';
import { languages } from '../../contract/problems/define.ts';
import { menuTemplate } from '../../main/menu.ts';
import { words } from '../../main/words.ts';

const platforms = ['linux', 'win32', 'darwin'] as const;
const flat = (items: readonly Electron.MenuItemConstructorOptions[]): Electron.MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
const menu = (language: (typeof languages)[number], platform: NodeJS.Platform, developing: boolean) =>
  flat(menuTemplate(words[language].menu, { platform, developing, open: () => {} }));

test('every item of the menu has words of its language, on every system', () => {
  for (const platform of platforms) {
    const english = menu('en', platform, false).map(({ label }) => label);
    for (const language of languages) {
      const items = menu(language, platform, false).filter(({ type }) => type !== 'separator');
      for (const { label, role } of items) assert.ok(label, `${platform} ${language} ${role}`);
      const same = items.filter(({ label }) => english.includes(label) && label !== 'Warifu');
      if (language !== 'en') assert.deepEqual(same, [], `${platform} ${language}`);
    }
  }
});

test('the developer tools and reloading are no part of a packaged app', () => {
  for (const platform of platforms) {
    const roles = menu('en', platform, false).map(({ role }) => role);
    assert.ok(
      !roles.some((role) => role === 'toggleDevTools' || role === 'reload' || role === 'forceReload'),
    );
    assert.ok(roles.includes('about') && roles.includes('quit') && roles.includes('copy'));
  }
});
