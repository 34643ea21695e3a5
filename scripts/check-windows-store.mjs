// node scripts/check-windows-store.mjs [--dialogs]
// On a real Windows: what the tests show under Wine, and what Wine cannot show, with a verdict for each line. Works in
// the certificate store of the user who runs it, with certificates of its own, and takes them out again. --dialogs
// also puts the CA under the trusted roots, about which Windows asks; the answers to give are said.
// (--cli FILE and --client FILE: compiled copies, as the tests pass them. Nothing of Warifu is loaded in here.)
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    dialogs: { type: 'boolean', default: false },
    cli: { type: 'string', default: fileURLToPath(new URL('../cli/main.ts', import.meta.url)) },
    client: {
      type: 'string',
      default: fileURLToPath(new URL('../test/e2e/windows/winhttp-client.ts', import.meta.url)),
    },
  },
});
if (process.platform !== 'win32') {
  console.error('This asks a Windows about its certificate store; run it there.');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'warifu 確認 '));
const modernProvider = 'Microsoft Software Key Storage Provider';
const counts = { ok: 0, FAIL: 0, '?': 0 };

/** @param {true | false | undefined} verdict undefined: this machine cannot tell */
function say(verdict, what, detail = '') {
  const mark = verdict === undefined ? '?' : verdict ? 'ok' : 'FAIL';
  counts[mark]++;
  console.log(`${mark.padEnd(4)}  ${what}${verdict === true || detail === '' ? '' : `  [${detail}]`}`);
}

/** A program and its end; nothing is thrown, since a refusal is an answer. */
function run(program, ...args) {
  return new Promise((resolve) => {
    execFile(program, args, { encoding: 'utf8', windowsHide: true }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? (error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

/** The command line's answer, or `{ problem }`. */
async function warifu(...args) {
  const common = ['--json', '--home', join(folder, 'home'), '--passphrase-file', join(folder, 'passphrase')];
  const { stdout, stderr } = await run(process.execPath, options.cli, ...args, ...common);
  try {
    return JSON.parse(stdout);
  } catch {
    return { problem: { code: `no answer: ${stdout}${stderr}` } };
  }
}

async function mustMake(...args) {
  const { problem } = await warifu(...args);
  if (problem) throw new Error(`${args.join(' ')}: ${problem.code}`);
}

const codeOf = (answer) => answer.problem?.code ?? answer.outcome ?? 'done';
const install = (name, ...more) => warifu('store', 'install', join(folder, name), ...more);
const registry = async (store) =>
  (await run('reg', 'query', `HKCU\\Software\\Microsoft\\SystemCertificates\\${store}\\Certificates`)).stdout;
const inRegistry = async (store, id) => (await registry(store)).includes(id.toUpperCase());
const isInstalled = (id) => inRegistry('MY', id);
/** Removes an identity if it is there; asking the registry costs less than asking Warifu. */
const remove = async (id, ...more) =>
  (await isInstalled(id)) ? await warifu('store', 'remove', id, ...more) : {};

async function makeIdentities() {
  writeFileSync(join(folder, 'passphrase'), 'only for this check 割符');
  await mustMake('vault', 'init');
  await mustMake('ca', 'create', 'Warifu check CA', '--key', 'rsa-2048');
  const issue = (name, ...more) =>
    mustMake('cert', 'issue', `CN=${name}`, '--ca', 'Warifu check CA', ...more);
  await issue('確認 RSA');
  await issue('確認 EC', '--key', 'ec-p256');
  await issue('localhost', '--profile', 'server', '--name', 'localhost');
  const write = (name, file, ...more) =>
    mustMake('cert', 'export', name, '--out', join(folder, file), ...more);
  await write('確認 RSA', 'compatible.p12');
  await write('確認 RSA', 'modern.p12', '--p12', 'modern');
  await write('確認 EC', 'ec.p12');
  await write('localhost', 'server.p12');
  writeFileSync(join(folder, 'word.p12.password'), 'パスワード pä$$"ß €\n');
  await write('確認 RSA', 'word.p12', '--password-file', join(folder, 'word.p12.password'));
  for (const name of ['確認 RSA', '確認 EC']) await write(name, `${name}.pem`, '--format', 'pem');
  await mustMake('ca', 'export', 'Warifu check CA', '--out', join(folder, 'ca.pem'));
  const sha1 = (file) =>
    new X509Certificate(readFileSync(join(folder, file))).fingerprint.replaceAll(':', '').toLowerCase();
  return { rsa: sha1('確認 RSA.pem'), ec: sha1('確認 EC.pem'), ca: sha1('ca.pem') };
}

async function checkRefusals({ rsa }) {
  const refused = async (what, content, password, code) => {
    writeFileSync(join(folder, 'bad.p12'), content);
    writeFileSync(join(folder, 'bad.p12.password'), password);
    const answer = await install('bad.p12');
    say(codeOf(answer) === code, what, codeOf(answer));
  };
  const good = readFileSync(join(folder, 'compatible.p12'));
  await refused('a wrong password is called that', good, 'wrong', 'WRONG_PASSWORD');
  await refused('an empty password is called that', good, '', 'PASSWORD_REQUIRED');
  await refused('garbage is called that', 'not a p12', 'x', 'DER_MALFORMED');
  say(!(await isInstalled(rsa)), 'and the store is as it was');
}

async function checkInstalled({ rsa, ec }) {
  const first = await install('compatible.p12');
  say(codeOf(first) === 'installed', 'an RSA identity installs', codeOf(first));
  const second = await install('ec.p12');
  say(codeOf(second) === 'installed', 'an EC identity installs beside it', codeOf(second));
  const again = await install('compatible.p12');
  say(codeOf(again) === 'already-installed', 'the RSA key still signs, in another process', codeOf(again));
  say(await isInstalled(rsa), 'the registry has the RSA certificate');
  say(await isInstalled(ec), 'the registry has the EC certificate');
  for (const [kind, id] of [
    ['RSA', rsa],
    ['EC', ec],
  ]) {
    const shown = (await run('certutil', '-user', '-store', 'My', id)).stdout;
    const provider = /Microsoft [A-Za-z ]+ Provider(?: v1\.0)?/.exec(shown)?.[0];
    say(
      provider === undefined ? undefined : provider === modernProvider,
      `certutil says that the ${kind} key is with ${modernProvider}`,
      provider ?? 'certutil said nothing',
    );
    const file = join(folder, `${kind}-out.pfx`);
    const { exitCode } = await run('certutil', '-user', '-p', 'x', '-exportPFX', 'My', id, file);
    const isOut = existsSync(file);
    say(
      isOut ? false : exitCode === 0 ? undefined : true,
      `certutil cannot export the ${kind} key`,
      isOut ? 'it was exported' : 'certutil said nothing',
    );
  }
}

/** WinHTTP is Windows' own client and shares no code with Warifu. */
async function checkHandshakes({ rsa, ec }) {
  const server = createServer(
    {
      pfx: readFileSync(join(folder, 'server.p12')),
      passphrase: readFileSync(join(folder, 'server.p12.password'), 'utf8').trim(),
      ca: readFileSync(join(folder, 'ca.pem')),
      requestCert: true,
      rejectUnauthorized: true,
    },
    ({ socket }, response) =>
      response.end(`${socket.getProtocol()} ${socket.getPeerCertificate().subject.CN}`),
  );
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const visit = async (id, ...more) => {
    const url = `https://localhost:${server.address().port}/`;
    const { stdout, stderr } = await run(process.execPath, options.client, url, id, '--any-server', ...more);
    const answer = JSON.parse(stdout || '{"failed":"no answer"}');
    return answer.body ?? `refused (${answer.failed}) ${stderr.trim()}`.trim();
  };
  const nobody = await visit('00'.repeat(20));
  say(nobody.startsWith('refused'), 'WinHTTP without a certificate is refused', nobody);
  for (const [kind, id, ...more] of [
    ['RSA', rsa],
    ['RSA', rsa, '--tls13'],
    ['EC', ec],
    ['EC', ec, '--tls13'],
  ]) {
    const answer = await visit(id, ...more);
    const isTls13 = more.length > 0;
    say(
      answer.endsWith(` 確認 ${kind}`) && (!isTls13 || answer.startsWith('TLSv1.3 ')),
      `WinHTTP is let in with the ${kind} key over ${isTls13 ? 'TLS 1.3' : 'the TLS it likes best'}`,
      answer,
    );
  }
  server.closeAllConnections();
  server.close();
}

async function checkOtherFiles({ rsa, ec }) {
  await remove(ec);
  for (const [file, what] of [
    ['modern.p12', 'a modern PKCS#12 installs'],
    ['word.p12', 'a PKCS#12 with a Japanese and German password installs'],
  ]) {
    await remove(rsa);
    const answer = await install(file);
    say(codeOf(answer) === 'installed', what, codeOf(answer));
  }
  await remove(rsa);
  for (const [file, id] of [
    ['compatible.p12', rsa],
    ['modern.p12', rsa],
    ['ec.p12', ec],
  ]) {
    const password = readFileSync(join(folder, `${file}.password`), 'utf8').trim();
    const args = ['-user', '-f', '-p', password, '-importPFX', 'My', join(folder, file), 'NoRoot'];
    const { exitCode, stdout } = await run('certutil', ...args);
    const isThere = await isInstalled(id);
    say(
      exitCode === 0 && stdout.trim() === '' && !isThere ? undefined : isThere,
      `certutil opens ${file} as Warifu wrote it`,
      stdout.trim() === '' ? 'certutil said nothing' : `exit ${exitCode}`,
    );
    await remove(id);
  }
}

async function checkRoot({ rsa, ca }) {
  if (!options.dialogs) {
    say(undefined, 'Windows asks before it trusts the CA', 'run this with --dialogs');
    return;
  }
  console.log('      Windows asks about "Warifu check CA": answer NO.');
  const refused = await install('compatible.p12', '--trust-ca');
  say(codeOf(refused) === 'STORE_CA_NOT_TRUSTED', '"No" is a problem of its own', codeOf(refused));
  say(await isInstalled(rsa), 'after which the identity is installed');
  say(!(await inRegistry('ROOT', ca)), 'and the CA is not trusted');
  console.log('      Windows asks again: answer YES.');
  const agreed = await install('compatible.p12', '--trust-ca');
  say(agreed.authority?.trusted === true, '"Yes" puts the CA under the trusted roots', codeOf(agreed));
  say(await inRegistry('ROOT', ca), 'and the registry has it');
  console.log('      Windows asks whether to delete it: answer YES.');
  const gone = await remove(rsa, '--remove-ca');
  say(gone.authority?.outcome === 'removed', 'it goes with its last identity', codeOf(gone));
  say(!(await inRegistry('ROOT', ca)), 'and is not in the registry any more');
}

/** Names of this user's keys, of which a removal must leave none behind. */
async function keyNames() {
  const { stdout } = await run('certutil', '-user', '-csp', modernProvider, '-key');
  return stdout.trim() === '' ? undefined : stdout;
}

const keysBefore = await keyNames();
let ids;
try {
  ids = await makeIdentities();
  await checkRefusals(ids);
  await checkInstalled(ids);
  await checkHandshakes(ids);
  await checkOtherFiles(ids);
  await checkRoot(ids);
} catch (error) {
  say(false, 'the check reached its end', error.message);
} finally {
  if (ids) {
    await remove(ids.rsa);
    await remove(ids.ec);
    await warifu('store', 'remove', ids.ca);
  }
  const left = (await Promise.all(['MY', 'CA', 'ROOT'].map(registry))).join('');
  say(
    !Object.values(ids ?? {}).some((id) => left.includes(id.toUpperCase())),
    'the registry has nothing of it any more',
  );
  const keysAfter = await keyNames();
  say(
    keysAfter === undefined ? undefined : keysAfter === keysBefore,
    'certutil finds the same keys as before',
    'certutil said nothing, or other keys',
  );
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${counts.ok} ok, ${counts.FAIL} failed, ${counts['?']} could not be told`);
process.exitCode = counts.FAIL > 0 ? 1 : 0;
