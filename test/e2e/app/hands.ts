/** How a person works the window: by mouse alone (and typing), or without one. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

export interface Hands {
  /** A button by its words. */
  press(words: string): Promise<void>;
  type(label: string, text: string): Promise<void>;
  tick(label: string): Promise<void>;
  /** A page of the navigation. */
  visit(words: string): Promise<void>;
}

const button = (page: Page, words: string): Locator => page.getByRole('button', { name: words }).first();
const field = (page: Page, label: string): Locator => page.getByLabel(label, { exact: true }).first();
const link = (page: Page, words: string): Locator =>
  page.getByRole('navigation').getByRole('link', { name: words });

export function mouse(page: Page): Hands {
  return {
    press: (words) => button(page, words).click(),
    async type(label, text) {
      await field(page, label).click();
      await page.keyboard.insertText(text);
    },
    tick: (label) => page.getByRole('checkbox', { name: label }).click(),
    visit: (words) => link(page, words).click(),
  };
}

export function keyboard(page: Page): Hands {
  /** Tab by Tab, as somebody without a mouse gets there; where they are must be seen. */
  const reach = async (target: Locator): Promise<void> => {
    await target.waitFor();
    for (let presses = 0; presses < 120; presses++) {
      if (await target.evaluate(isFocused)) {
        assert.ok(await target.evaluate(showsFocus), 'the focus shows');
        return;
      }
      await page.keyboard.press('Tab');
    }
    assert.fail(`cannot be reached by Tab: ${target}`);
  };
  return {
    async press(words) {
      const target = button(page, words);
      await target.and(page.locator(':enabled')).waitFor();
      await reach(target);
      await page.keyboard.press('Enter');
    },
    async type(label, text) {
      await reach(field(page, label));
      await page.keyboard.insertText(text);
    },
    async tick(label) {
      await reach(page.getByRole('checkbox', { name: label }));
      await page.keyboard.press('Space');
    },
    async visit(words) {
      await reach(link(page, words));
      await page.keyboard.press('Enter');
    },
  };
}

/** What these look at in the page; this file itself is no part of it. */
interface InPage {
  readonly ownerDocument: { readonly activeElement: unknown };
  matches(selector: string): boolean;
}
const isFocused = (element: unknown): boolean => (element as InPage).ownerDocument.activeElement === element;
const showsFocus = (element: unknown): boolean => (element as InPage).matches(':focus-visible');
