/** English, and the shape that every other language must have. A file for each part of the window. */
import { certificatesText } from './en/certificates.ts';
import { filesText } from './en/files.ts';
import { guideText } from './en/guide.ts';
import { loadBalancersText } from './en/load-balancers.ts';
import { shellText } from './en/shell.ts';
import { transferText } from './en/transfer.ts';
import { upkeepText } from './en/upkeep.ts';

export const en = {
  ...shellText,
  ...guideText,
  ...certificatesText,
  ...filesText,
  ...loadBalancersText,
  ...transferText,
  ...upkeepText,
};

export type WindowText = typeof en;
