import { javaAndGnutlsFiles } from './foreign-files.ts';
import { testForeignFiles } from './judges.ts';

testForeignFiles(javaAndGnutlsFiles);
