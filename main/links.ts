/** The addresses that Warifu ever hands to a browser: by name, all of them, written here. */
export const links = {
  tutorial:
    'https://www.alibabacloud.com/help/en/slb/classic-load-balancer/use-cases/configure-mutual-authentication-on-an-https-listener-1',
  console: 'https://slb.console.alibabacloud.com/',
} as const;
export type LinkName = keyof typeof links;
