// The arrows of ARCHITECTURE.md as rules: who may import whom. `npm run check:arrows` fails when one is broken.

const faces = 'main|preload|renderer|host|cli';
const production = `${faces}|contract|core|simulator`;
const anyRoom = `^(${production}|assets|bench|docs|scripts|test)/`;
const groundRooms = 'vault|registry|audit|slb';

/** An npm package, installed or not, wherever node_modules is. */
const npm = (names) => `(^|(^|/)node_modules/)(${names})(/|$)`;

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule(
      'renderer-imports-contract-alone',
      'A window knows the contract and nothing behind it.',
      { path: '^renderer/' },
      { path: anyRoom, pathNot: '^(renderer|contract|assets)/' },
    ),
    rule(
      'preload-imports-contract-alone',
      'The bridge carries the contract; it has no logic.',
      { path: '^preload/' },
      { path: anyRoom, pathNot: '^(preload|contract)/' },
    ),
    rule(
      'contract-imports-nothing-of-ours',
      'Every face loads the contract, so it must stand alone.',
      { path: '^contract/' },
      { path: anyRoom, pathNot: '^contract/' },
    ),
    rule(
      'core-imports-contract-alone',
      'Core serves every face and therefore knows none; it never knows that the cloud is a simulator.',
      { path: '^core/' },
      { path: anyRoom, pathNot: '^(core|contract)/' },
    ),
    rule(
      'core-needs-no-window',
      'Core, contract and simulator run in a plain Node, without Electron or React.',
      { path: '^(core|contract|simulator)/' },
      { path: npm('electron|react|react-dom|@fluentui') },
    ),
    rule(
      'electron-in-main-and-preload-only',
      'The terminal, the loopback web and the window itself know no Electron.',
      { path: '^(renderer|host|cli)/' },
      { path: npm('electron') },
    ),
    rule(
      'x509-stands-alone',
      'core/x509 is pure functions on bytes, of use to core and simulator alike.',
      { path: '^core/x509/' },
      { path: anyRoom, pathNot: '^core/x509/' },
    ),
    rule(
      'ground-rooms-stand-on-x509-and-contract',
      'vault, registry, audit and slb know neither the rooms above nor each other; the shape of a stored record is shared.',
      { path: `^core/(${groundRooms})/` },
      { path: '^core/', pathNot: ['^core/$1/', '^core/x509/', '^core/registry/records\\.ts$'] },
    ),
    rule(
      'faces-enter-core-by-create-core',
      'A face carries the contract. What core can do, it does for every face, behind createCore. Types may be named.',
      { path: '^(main|host|cli)/' },
      { path: '^core/', pathNot: '^core/create-core\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'faces-are-entered-by-nobody',
      'No room behind a face imports it; faces share no logic but the contract. (`warifu app` starts the loopback web.)',
      { path: `^(${production})/`, pathNot: '^(cli/commands/app\\.ts$|main/)' },
      { path: `^(${faces})/`, pathNot: '^$1/' },
    ),
    rule(
      'main-borrows-four-files',
      'How the built window is served, how files are written and how Practice starts is alike in two faces; nothing else is.',
      { path: '^main/' },
      {
        path: `^(${faces})/`,
        pathNot: '^(main/|host/(window-files|response-headers)\\.ts$|cli/(files|practice)\\.ts$)',
      },
    ),
    rule(
      'electron-by-value-in-two-files',
      'In a plain Node this import starts a download; everything else names its types and is handed the rest.',
      { path: '^(main|preload|test)/', pathNot: '^(main/main|preload/preload)\\.ts$' },
      { path: npm('electron'), dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'simulator-knows-x509-alone',
      'Sharing more with the client, the simulator could agree with its mistakes.',
      { path: '^simulator/' },
      { path: anyRoom, pathNot: '^(simulator|core/x509)/' },
    ),
    rule(
      'only-vault-reaches-the-keychain',
      'Keys at rest, and what protects them, are the business of core/vault.',
      { path: `^(${production})/`, pathNot: '^core/vault/' },
      { path: npm('@napi-rs/keyring[^/]*') },
    ),
    rule(
      'only-registry-speaks-sql',
      'One room owns the schema.',
      { path: `^(${production})/`, pathNot: '^core/registry/' },
      { path: '^(node:)?sqlite$' },
    ),
    rule(
      'only-slb-talks-to-the-cloud',
      'One room signs, sends and redacts; no other holds the SDK, least of all the simulator.',
      { path: `^(${production})/`, pathNot: '^core/slb/' },
      { path: npm('@alicloud') },
    ),
    rule(
      'only-trust-store-runs-os-tools',
      'One room starts programs of the system or calls its libraries. (main and host open a window or a browser.)',
      { path: `^(${production})/`, pathNot: '^(core/trust-store|main|host)/' },
      { path: '^(node:)?child_process$' },
    ),
    rule(
      'few-call-system-libraries',
      'Foreign functions are as sharp as programs: certificate stores need them, and a thread that gives way.',
      { path: `^(${production})/`, pathNot: ['^core/trust-store/', '^core/key-maker/give-way\\.ts$'] },
      { path: npm('koffi') },
    ),
    rule(
      'production-imports-no-test',
      'Tests judge; nothing that is shipped depends on them, on scripts or on benchmarks.',
      { path: `^(${production})/` },
      { path: '^(test|scripts|bench)/' },
    ),
    rule(
      'production-imports-no-dev-dependency',
      'A package for development is not there when Warifu is installed. (Types leave no trace at run time.)',
      { path: `^(${production})/` },
      // Electron is what an installed Warifu runs in.
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: npm('electron') },
    ),
    rule(
      'packages-are-declared',
      'A package that package.json does not name is there by luck.',
      { path: `^(${production}|test|scripts|bench)/` },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    rule('imports-lead-somewhere', 'A path or package that does not exist.', {}, { couldNotResolve: true }),
    rule(
      'no-circles',
      'Two files that need each other are one file, or hide a third.',
      {},
      { circular: true },
    ),
  ],
  options: {
    exclude: { path: '^(dist|docs|\\.git|\\.cache)(/|$)' },
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type imports are arrows too.
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
