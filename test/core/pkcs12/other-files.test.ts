import { otherFiles } from './foreign-files.ts';
import { testForeignFiles } from './judges.ts';

testForeignFiles(otherFiles);
