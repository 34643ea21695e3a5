/** @peculiar/x509, an independent judge of what we make. Imported late: Bun runs CommonJS before its siblings. */
import './reflect-metadata.ts';

export const x509 = await import('@peculiar/x509');
