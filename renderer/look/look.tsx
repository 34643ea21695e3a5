/** Theme and language of everything below, and Griffel's styles under the page's nonce. */
import { createDOMRenderer, FluentProvider, RendererProvider } from '@fluentui/react-components';
import { type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Language } from '../../contract/problems/define.ts';
import type { ThemeChoice } from '../../contract/settings.ts';
import { type Shade, themeFor } from './theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });

export function Look({
  theme,
  language,
  children,
}: {
  theme: ThemeChoice;
  language: Language;
  children: ReactNode;
}) {
  const dark = useMedia('(prefers-color-scheme: dark)');
  const contrast = useMedia('(prefers-contrast: more)');
  const shade: Shade = theme !== 'system' ? theme : contrast ? 'high-contrast' : dark ? 'dark' : 'light';
  const value = useMemo(() => themeFor(shade, language), [shade, language]);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.style.colorScheme = shade === 'light' ? 'light' : 'dark';
    document.body.style.margin = '0';
    document.body.style.background = value.page;
  }, [language, shade, value]);
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <FluentProvider theme={value}>{children}</FluentProvider>
    </RendererProvider>
  );
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}
