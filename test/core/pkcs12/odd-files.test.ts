import { oddFiles } from './foreign-files.ts';
import { testForeignFiles } from './judges.ts';

testForeignFiles(oddFiles);
