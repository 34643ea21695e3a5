/** English, and the shape that every other language must have. `«…»` in a step is set as a button or a file name. */
export const en = {
  scripts: {
    title: (name: string) => `Client certificate for ${name}`,
    noFile: 'NOT INSTALLED. This file is missing beside the script; unpack the whole zip first:',
    password: 'Password of the certificate (nothing shows while you type)',
    importFailed: 'That did not work; the password may be wrong:',
    wrongPassword: 'The password does not open the file. Mind capitals, and type the hyphens too.',
    already: 'The certificate is installed already.',
    installed: 'Installed and checked.',
    installedIn: 'installed and checked:',
    notInstalled: 'NOT INSTALLED. See "By hand" in guide.html, or ask the person who sent you this.',
    notInstalledIn: 'NOT installed:',
    partly: 'NOT COMPLETE: see the lines above.',
    locked: 'NOT installed, locked by a master password:',
    masterPassword: 'Master password of',
    trustQuestion: 'Should web sites of this CA be trusted too? Only if your administrator told you so.',
    trusted: 'The CA is trusted now.',
    notTrusted: 'The CA is not trusted for web sites.',
    restart: 'Close every browser window, then open the browser again.',
    tools:
      'NOT INSTALLED. The programs certutil and pk12util are missing. Install them, then run this again:',
    byHand: 'Without them: see "By hand" in guide.html.',
    window: 'macOS now asks for the password of the certificate in a window.',
    keychain:
      'When the browser first uses it, macOS asks for your login password: enter it and choose "Always Allow".',
  },
  guide: {
    title: 'Your client certificate',
    lead: 'With this certificate your browser proves to the site that it is you.',
    person: 'For',
    validUntil: 'Valid until',
    site: 'Opens',
    passwordNote:
      'The password is not in this folder. It comes to you separately; have it at hand before you begin.',
    systems: { windows: 'Windows', macos: 'macOS', linux: 'Linux' },
    steps: {
      windows: [
        'Right-click the zip file, choose «Extract All…», and open the new folder.',
        'Double-click «Install-Windows.cmd». If Windows warns about a file from the internet, choose «More info», then «Run anyway».',
        'Type the password and press Enter. Nothing shows while you type.',
        'When asked whether to trust the CA, press Enter (no), unless your administrator told you otherwise.',
        'Wait for the word «Installed».',
      ],
      macos: [
        'Double-click the zip file, and open the new folder.',
        'Open «Terminal» (Applications, Utilities). Type «sh», a space, drag «install-macos.command» into the window and press Return.',
        'Type the password in the window that macOS opens.',
        'When asked whether to trust the CA, press Return (no), unless your administrator told you otherwise.',
        'When the browser first uses the certificate, macOS asks for your login password. Enter it and choose «Always Allow».',
      ],
      linux: [
        'Unpack the zip file, and open a terminal in the new folder.',
        'Run «sh install-linux.sh». If it names missing programs, install them as it says.',
        'Type the password and press Enter. Nothing shows while you type.',
        'When asked whether to trust the CA, press Enter (no), unless your administrator told you otherwise.',
      ],
    },
    byHand: 'By hand',
    handSteps: {
      windows:
        'Double-click «{{p12}}», choose «Current User», then «Next». Type the password, leave the other settings as they are, and finish. Firefox uses the certificate from there too.',
      macos:
        'Double-click «{{p12}}», choose the keychain «login», and type the password. Firefox uses the certificate from there too.',
      linux:
        'Chromium, Chrome: «Settings» → «Privacy and security» → «Security» → «Manage certificates» → «Your certificates», then import «{{p12}}». Firefox: «Settings» → «Privacy & Security» → «View Certificates…» → «Your Certificates» → «Import…».',
    },
    afterwards: 'Then',
    open: 'Close every browser window, open the browser again, and go to the site. When it asks which certificate to use, choose «{{name}}».',
    trouble: 'If it does not work',
    troubles: [
      'No question appears: the browser was still running. Close it completely, or start the computer again.',
      'The password is refused: type the hyphens too, and mind the keyboard layout.',
      'The site refuses you: compare the fingerprint below with your administrator.',
    ],
    care: 'Whoever has the file and the password can act in your name. Delete this folder and the password when the certificate is installed. If either is lost, tell your administrator at once.',
    details: 'Details',
    subject: 'Subject',
    issuer: 'Issued by',
    serial: 'Serial number',
    fingerprint: 'Fingerprint',
  },
  passwords: {
    title: 'Password for your client certificate',
    person: 'For',
    file: 'File',
    password: 'Password',
    site: 'Opens',
    note: 'Give this to the person separately from the file: by hand, by phone or by another channel. The hyphens are part of the password.',
    sheetTitle: 'Passwords',
  },
};

export type KitWords = typeof en;
