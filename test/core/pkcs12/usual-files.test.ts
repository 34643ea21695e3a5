import { usualFiles } from './foreign-files.ts';
import { testForeignFiles } from './judges.ts';

testForeignFiles(usualFiles);
