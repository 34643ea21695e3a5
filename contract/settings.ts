/** How the app should look and speak; kept in the registry, since a browser's own memory ends with its port. */
import { z } from 'zod';
import { languages } from './problems/define.ts';
import { procedure } from './procedure.ts';

export const themeChoice = z.enum(['system', 'light', 'dark', 'high-contrast']);
export type ThemeChoice = z.infer<typeof themeChoice>;

export const appSettings = z.object({
  /** Null: as the browser or the system prefers. */
  language: z.enum(languages).nullable(),
  theme: themeChoice,
});
export type AppSettings = z.infer<typeof appSettings>;

export const settings = {
  get: procedure.output(appSettings),
  set: procedure.input(appSettings.partial()).output(appSettings),
};
