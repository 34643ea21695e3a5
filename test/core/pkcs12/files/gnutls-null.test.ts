import { foreignFiles } from '../foreign-files.ts';
import { testForeignFiles } from '../judges.ts';

testForeignFiles(foreignFiles.gnutlsNull);
