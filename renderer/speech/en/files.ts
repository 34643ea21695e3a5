/** Files for people and browsers: kits, PKCS#12, why a browser offers nothing. */
import { number, plural } from './numbers.ts';

export const filesText = {
  kits: {
    title: 'Many at once',
    subtitle: 'Certificates for a list of people. What is in it is shown before anything is issued.',
    fromList: 'From a list…',
    list: 'List',
    file: 'List of people (CSV)',
    fileHint:
      'As Excel saves it. The first line names the columns: name, and if you like e-mail, organisation, department, days, language, system.',
    saveSample: 'Save a sample list',
    sample: [
      ['name', 'email', 'department'],
      ['Ann Example', 'ann@example.com', 'Sales'],
    ],
    authorityFirst: 'A CA signs these certificates, and there is none yet.',
    unlessListed: 'For lines that say nothing else.',
    language: 'Language of the guide',
    target: 'System',
    targets: { any: 'Any system', windows: 'Windows', macos: 'macOS', linux: 'Linux' },
    site: 'Site',
    siteHint: 'Optional: what the certificate opens, named in the guide.',
    form: 'Each person gets',
    forms: {
      kit: 'a kit: a zip with the certificate, a script and a guide; installs without Warifu',
      pkcs12: 'a .p12 alone',
    },
    read: 'What is in it',
    readAs: (encoding: string, separator: string) =>
      `read as ${encoding}, separated by ${separator === '\t' ? 'tabs' : separator}`,
    unused: (columns: string) => `Not used: ${columns}`,
    faults: (count: number) => `${plural(count, 'line does', 'lines do')} not fit`,
    faultsNote: 'Nothing is issued until they are corrected. Correct them in the list and choose it again.',
    line: (line: number) => `Line ${line}`,
    more: (count: number) => `and ${number.format(count)} more`,
    counts: (issue: number, again: number) =>
      issue === 0
        ? 'Everybody has a valid certificate, which is used again.'
        : again === 0
          ? `${plural(issue, 'certificate', 'certificates')} to issue.`
          : `${plural(issue, 'certificate', 'certificates')} to issue; ${plural(again, 'person has', 'people have')} a valid one, which is used again.`,
    columns: {
      line: 'Line',
      name: 'Name',
      names: 'E-mail',
      days: 'Days',
      system: 'System · language',
      action: 'What happens',
    },
    issue: 'new certificate',
    again: (date: string) => `has one until ${date}`,
    make: 'Make',
    makeAll: (count: number) => `Make for ${plural(count, 'person', 'people')}`,
    making: 'Making…',
    progress: (done: number, total: number, name: string) => `${done} of ${total} · ${name}`,
    stopped:
      'Stopped. What was issued stays issued: make again and it goes on; nobody gets a second certificate.',
    saveBoth: 'Save both before you leave this page',
    apart:
      'The passwords are kept nowhere. Send them on another way than the files: whoever has both can come in.',
    saveFiles: 'Save the files',
    savePasswords: 'Save the passwords',
    passwords: 'Passwords',
    one: 'Kit',
    what: 'A zip with the certificate, a script and a guide: installs without Warifu.',
    saveOne: 'Save the kit',
  },
  p12: {
    subtitle: 'What is inside, where it would import, and into the store of this computer.',
    file: 'File (.p12 or .pfx)',
    password: 'Password of the file',
    look: 'Look inside',
    noCertificate: 'A key without its certificate',
    otherKey: 'The key in the file is not that of the certificate.',
    where: 'Where it would import',
    targets: {
      windows: 'Windows 10, 11, Server 2019 and later',
      'windows-2016': 'Windows Server 2016 and before',
      macos: 'macOS',
      nss: 'Chromium and Firefox on Linux',
      java: 'Java',
      android: 'Android',
    },
    imports: { yes: 'imports', no: 'refuses', uncertain: 'uncertain' },
    rewrap: 'Save one that fits',
  },
  browserCheck: {
    remedies: {
      'store-present': 'Install the certificate: Certificates, Install on this computer.',
      'store-used-by-browser': 'Choose the store that a browser reads above, and install into that.',
      'store-unlocked':
        'Unlock the store in the browser and check again; the browser asks for the same password.',
      'certificate-present': 'Install it: choose it on the page Certificates, or open its .p12.',
      'authority-trusted': 'If that is so, install again and tick that the CA is trusted for web sites.',
    },
    subtitle: 'Why does my browser not offer the certificate? Looked at, not guessed; nothing is changed.',
    store: 'Certificate store',
    usedStore: 'The one that the browser reads',
    site: 'Site',
    siteHint: 'Optional: www.example.com or its address. It is asked which CAs it accepts.',
    check: 'Check',
  },
};
