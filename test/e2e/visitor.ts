/** A person's own Chromium: it reads the certificates of its HOME, and a policy answers the prompt for one. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const executablePath = '/usr/bin/chromium';
const policies = '/etc/chromium/policies/managed';

/** Why no test here can go to a site; false when it can. */
export const whyNoVisitor = !existsSync(executablePath)
  ? 'chromium is missing'
  : process.getuid?.() !== 0
    ? 'only root can set the policy that answers the prompt'
    : false;

export interface Seen {
  readonly status: number | undefined;
  readonly title: string;
}

/** Chromium of the HOME in `environment`, on its way to `https://localhost`, which is `url`'s address for it. */
export class Visitor implements Disposable {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #policy = join(policies, `warifu-e2e-${process.pid}-${crypto.randomUUID()}.json`);

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
    mkdirSync(policies, { recursive: true });
    const choice = { pattern: 'https://localhost', filter: {} };
    writeFileSync(this.#policy, JSON.stringify({ AutoSelectCertificateForUrls: [JSON.stringify(choice)] }));
  }

  /** `trusting`: whatever certificate the server shows. */
  async visit(url: string, { trusting }: { trusting: boolean }): Promise<Seen> {
    const { hostname, port } = new URL(url);
    const browser = await chromium.launch({
      executablePath,
      env: this.#environment,
      args: [`--host-resolver-rules=MAP localhost ${hostname}`],
    });
    try {
      const page = await (await browser.newContext({ ignoreHTTPSErrors: trusting })).newPage();
      const response = await page.goto(`https://localhost${port === '' ? '' : `:${port}`}/`, {
        timeout: 60_000,
      });
      return { status: response?.status(), title: await page.title() };
    } finally {
      await browser.close();
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#policy, { force: true });
  }
}
