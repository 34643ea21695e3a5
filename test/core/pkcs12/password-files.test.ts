import { passwordFiles } from './foreign-files.ts';
import { testForeignFiles } from './judges.ts';

testForeignFiles(passwordFiles);
