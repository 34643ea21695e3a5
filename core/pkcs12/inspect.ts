import { type Pkcs12Contents, pkcs12Targets } from '../../contract/pkcs12.ts';
import { certificateView, openFile } from './open.ts';
import { judgeFile } from './targets.ts';

/**
 * Everything in a PKCS#12, and for each system whether it would import it. Nothing is kept.
 * @throws X509Error as openFile
 */
export async function inspectFile(bytes: Uint8Array, password: string | undefined): Promise<Pkcs12Contents> {
  const { contents, identities, extra, password: fitting } = await openFile(bytes, password);
  const { protection, others } = contents;
  const views = identities.map(({ view }) => view);
  return {
    mac: { ...protection.mac },
    keys: [...protection.keys],
    certificates: [...protection.certificates],
    passwordNeeded:
      fitting !== '' &&
      [protection.mac, ...protection.keys, ...protection.certificates].some(
        ({ algorithm }) => algorithm !== 'none',
      ),
    identities: views,
    extra: extra.map(certificateView),
    others: [...others],
    targets: pkcs12Targets.map((target) =>
      judgeFile({ protection, password: fitting, identities: views }, target),
    ),
  };
}
