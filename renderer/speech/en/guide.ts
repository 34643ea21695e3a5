/** Home, the guide, and the steps that have their forms there. */
import { plural } from './numbers.ts';

export const guideText = {
  home: {
    verdict: {
      holds: 'Mutual TLS holds',
      broken: 'Mutual TLS does not hold',
      unproven: 'Not proven at the moment',
      unmade: 'Nothing to prove yet',
    },
    unmadeHint: 'The guide leads from here to a listener that lets in only those who hold a certificate.',
    checked: (when: string) => `checked ${when} by real handshakes`,
    checkAgain: 'Check again',
    openGuide: 'Open the guide',
    needsYou: 'Needs you',
    needsNothing: 'Nothing waits for you.',
    whoAnswered: 'Who answered',
    lastRequests: (count: number) => `the last ${plural(count, 'request', 'requests')}`,
    even: 'Round robin, even.',
    uneven: 'Not even: look at weights and health checks.',
    oneBackend: 'One backend answers everything.',
    nobodyAsked: 'Shown after the first check.',
    expiry: 'Expiry',
    nothingEnds: 'No certificate yet.',
    endsIn: (month: string, count: number) => `${month}: ${plural(count, 'certificate', 'certificates')}`,
    endsLater: (count: number) => `later: ${plural(count, 'certificate', 'certificates')}`,
    milestone: {
      'server-certificate': (name: string, date: string) => `Server certificate ${name} · ${date}`,
      authority: (name: string, date: string) => `CA ${name} · ${date}`,
    },
    needs: {
      prove: {
        title: 'Prove that it holds',
        detail: (name: string) => `${name} has not been tried with real handshakes since it changed.`,
        act: 'Go to the test',
      },
      practiceStopped: {
        title: 'Practice is stopped',
        detail: 'Its cloud ended with it. Start it and apply the plan again; certificates are kept.',
      },
      crl: {
        title: (when: string, over: boolean) => (over ? `The CRL ended ${when}` : `The CRL ends ${when}`),
        detail: (authority: string) => `${authority} · backends that check it will refuse everyone.`,
        act: 'Publish',
      },
      authority: {
        title: (name: string, date: string, over: boolean) =>
          over ? `The CA ${name} ended on ${date}` : `The CA ${name} ends on ${date}`,
        detail: 'Everything it signed ends with it.',
      },
      server: {
        title: (name: string, date: string, over: boolean) =>
          over
            ? `The server certificate ${name} ended on ${date}`
            : `The server certificate ${name} ends on ${date}`,
        detail: 'After that browsers refuse the site.',
        act: 'Replace',
      },
      clients: {
        title: (count: number) =>
          `${plural(count, 'client certificate expires', 'client certificates expire')} within 30 days`,
        detail: (first: string, date: string) => `first: ${first} · ${date}`,
      },
      revoked: {
        title: (count: number) =>
          `${plural(count, 'revoked certificate still gets in', 'revoked certificates still get in')}`,
        detail: 'CLB cannot check revocation. Rotate the CA, or check at the backends.',
        act: 'What can I do?',
      },
      backup: {
        title: 'Time for a backup',
        detail: (changes: number) => `${plural(changes, 'change', 'changes')} since the last one.`,
      },
      possibly: {
        title: (count: number) => `${plural(count, 'serial is', 'serials are')} in doubt`,
        detail: 'Warifu stopped while it was signing.',
      },
    },
  },
  guide: {
    title: 'Make an HTTPS listener with mutual authentication',
    subtitle: 'Each step is judged by what is true now, not by what was clicked.',
    steps: 'Steps',
    states: { done: 'holds', open: 'not yet', unknown: 'cannot be told now' },
    observed: { 'no difference': 'nothing differs', absent: 'not there', none: 'none', off: 'off' },
    evidence: 'Evidence',
    note: 'note',
    holds: 'holds',
    holdsNot: 'does not hold',
    commands: 'The commands this stands for',
    corrected: 'Corrected from the tutorial',
    another: 'Another one',
    planAgain: 'Plan again',
    onward: (step: string) => `On to: ${step}`,
    toHome: 'See the result',
    first: (step: string) => `This needs another step first: ${step}.`,
    noAccount: 'There is no cloud yet: start Practice, or connect Alibaba Cloud.',
    step: {
      'server-certificate': {
        name: 'Prepare the server certificate',
        purpose: 'It proves to visitors that the load balancer is who it says it is.',
        flaw: 'The tutorial does not say that CLB takes only RSA keys of 2048 or 4096 bits in PKCS#1 form. Warifu checks before the upload and converts.',
      },
      authority: {
        name: 'Make the CA certificate',
        purpose: 'The CA signs the certificates of those who may come in. CLB lets in whoever it signed.',
        flaw: 'The tutorial makes an X.509 v1 CA with md5 and 1024 bits that ends together with its clients. This one is v3 with SHA-256, and outlives what it signs.',
      },
      'client-certificate': {
        name: 'Make client certificates',
        purpose: 'One for each person or device: it is the half of the tally that they hold.',
        flaw: 'The tutorial counts serials from 01 and issues for any purpose. Here serials are random, and the certificate is for client authentication only.',
      },
      upload: {
        name: 'Upload the certificates',
        purpose: 'CLB needs the server certificate with its key, and the CA certificate without.',
        flaw: 'The tutorial pastes the private key into a web page. Warifu sends it in a signed request body, never in an address, and only when it is not there already.',
      },
      install: {
        name: 'Install the client certificate',
        purpose: 'A browser offers only what is in its certificate store.',
        flaw: 'The tutorial ends at the double click. Warifu reads the store back and lets the installed key sign before it says that it is done.',
      },
      listener: {
        name: 'Configure the HTTPS listener',
        purpose: 'Setting a CA certificate is what turns mutual authentication on.',
        flaw: 'A listener is born stopped, and health checks need a path. Warifu starts it and waits until the backends are healthy.',
      },
      test: {
        name: 'Test the SLB service',
        purpose: 'Right, wrong and no certificates, by real handshakes; and who answers.',
        flaw: 'The tutorial looks at one page that opens. That proves who is let in, not who is kept out.',
      },
    },
    checks: {
      'server-certificate-valid': 'Valid now',
      'server-certificate-hosts': 'Covers',
      'server-certificate-clb': 'CLB takes it',
      'authority-valid': 'Valid now',
      'authority-clb': 'CLB takes its key',
      'crl-current': 'CRL is current',
      'client-certificates-valid': 'Valid client certificates',
      'server-certificate-uploaded': 'Server certificate is in CLB',
      'ca-certificate-uploaded': 'CA certificate is in CLB',
      'identity-installed': 'Installed here with its key',
      'authority-trusted': 'CA trusted for web sites',
      'load-balancer-active': 'Load balancer is active',
      'listener-running': 'Listener is running',
      'mutual-authentication': 'Mutual authentication is on',
      'server-certificate-as-planned': 'Server certificate as planned',
      'ca-certificate-as-planned': 'CA certificate as planned',
      'backends-healthy': 'Backends are healthy',
      'as-planned': 'Everything as planned',
      'right-certificate-let-in': 'Right certificate let in',
      'others-refused': 'All others refused',
      'backends-even': 'Backends answer evenly',
      checked: 'Checked',
    },
  },
  test: {
    run: 'Test with real handshakes',
    running: 'Testing…',
    letIn: 'let in',
    refused: 'refused',
    notTested: 'not tested',
    cases: {
      'no-certificate': 'No certificate',
      'right-certificate': 'Right certificate',
      'wrong-ca': 'Stranger’s certificate',
      expired: 'Expired certificate',
      'not-yet-valid': 'Not yet valid certificate',
      'server-auth-only': 'Server-only certificate',
    },
    steps: {
      authorities: 'Asking which CAs the listener names',
      case: 'Coming with a certificate',
      version: 'Trying TLS versions',
      request: 'Sending requests',
    },
  },
  install: {
    title: 'Install on this computer',
    certificate: 'Certificate',
    trustCa: 'Also trust the CA for web sites (it then vouches for every site)',
    install: 'Install',
    installed: 'Installed and checked',
    already: 'Was installed already',
    restartBrowser: 'Close the browser completely and open it again: until then it keeps its earlier choice.',
  },
};
