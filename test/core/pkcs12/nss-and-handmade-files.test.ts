import { nssAndHandmadeFiles } from './foreign-files.ts';
import { testForeignFiles } from './judges.ts';

testForeignFiles(nssAndHandmadeFiles);
