import type { WindowText } from './en.ts';
import { certificatesText } from './zh-cn/certificates.ts';
import { filesText } from './zh-cn/files.ts';
import { guideText } from './zh-cn/guide.ts';
import { loadBalancersText } from './zh-cn/load-balancers.ts';
import { shellText } from './zh-cn/shell.ts';
import { transferText } from './zh-cn/transfer.ts';
import { upkeepText } from './zh-cn/upkeep.ts';

export const zhCN: WindowText = {
  ...shellText,
  ...guideText,
  ...certificatesText,
  ...filesText,
  ...loadBalancersText,
  ...transferText,
  ...upkeepText,
};
