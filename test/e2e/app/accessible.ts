import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * axe-core finds nothing against the page as it stands, contrast (WCAG AA) included. Fluent's focus guards are left
 * out: hidden elements that hand the focus on at once.
 */
export async function isAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(axe.source);
  // What is still fading in has no contrast yet.
  await page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))');
  const violations = await page.evaluate(async () => {
    const judge = (globalThis as unknown as { axe: { run(context: object): Promise<AxeResults> } }).axe;
    const { violations: found } = await judge.run({ exclude: ['[data-tabster-dummy]'] });
    return found.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
    );
  });
  assert.deepEqual(violations, [], where);
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
