import { opensslFiles } from './foreign-files.ts';
import { testForeignFiles } from './judges.ts';

testForeignFiles(opensslFiles.slice(0, 12));
