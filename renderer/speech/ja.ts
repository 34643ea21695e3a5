import type { WindowText } from './en.ts';
import { certificatesText } from './ja/certificates.ts';
import { filesText } from './ja/files.ts';
import { guideText } from './ja/guide.ts';
import { loadBalancersText } from './ja/load-balancers.ts';
import { shellText } from './ja/shell.ts';
import { transferText } from './ja/transfer.ts';
import { upkeepText } from './ja/upkeep.ts';

export const ja: WindowText = {
  ...shellText,
  ...guideText,
  ...certificatesText,
  ...filesText,
  ...loadBalancersText,
  ...transferText,
  ...upkeepText,
};
