import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { ORPCError } from '@orpc/contract';
import type { KitFault } from '../../../contract/kit-faults.ts';
import { KitDesk } from './kit-desk.ts';

describe('kits', () => {
  let desk: KitDesk;
  let folder = '';
  before(async () => {
    desk = await KitDesk.open();
  });
  after(() => desk.close());
  beforeEach((context) => {
    folder = desk.path(`out ${createHash('sha1').update(context.name).digest('hex').slice(0, 8)}`);
  });

  const problem = (code: string) => (error: unknown) => {
    assert.ok(error instanceof ORPCError, String(error));
    assert.equal(error.code, code);
    return true;
  };
  const faultsOf = async (text: string): Promise<readonly KitFault[]> =>
    (await desk.client.kit.plan(desk.listRequest(text, { folder }))).faults;

  test('every bad line is reported with its number, and then nobody is issued anything', async () => {
    const list = [
      'name,email,days,language,target',
      'Good One,good@example.test,30,en,windows',
      ',missing@example.test,,,',
      `${'x'.repeat(65)},,,,`,
      'Bad Mail,not an address@,,,',
      'Bad Days,,0,,',
      'Long Days,,3700,,',
      'Outlives,,3660,,',
      'Bad Language,,,fr,',
      'Bad Target,,,,amiga',
      'Two Faults,,abc,xx,',
      'Good One,good@example.test,90,ja,',
      'Kit CA,,,,',
      'Full Width,,３０日,日本語,Windows 11',
    ].join('\n');
    const before = await desk.issued();
    const faults = await faultsOf(list);
    assert.deepEqual(
      faults.map(({ line, code }) => [line, code]),
      [
        [3, 'NAME_MISSING'],
        [4, 'NAME_INVALID'],
        [5, 'ADDRESS_INVALID'],
        [6, 'DAYS_INVALID'],
        [7, 'DAYS_INVALID'],
        [8, 'OUTLIVES_AUTHORITY'],
        [9, 'LANGUAGE_UNKNOWN'],
        [10, 'TARGET_UNKNOWN'],
        [11, 'DAYS_INVALID'],
        [11, 'LANGUAGE_UNKNOWN'],
        [12, 'DUPLICATE'],
        [13, 'NAME_OF_AUTHORITY'],
      ],
    );
    await assert.rejects(desk.make(desk.listRequest(list, { folder })), problem('KIT_LIST_FAULTY'));
    assert.equal(await desk.issued(), before);
    assert.equal(existsSync(folder), false);
  });

  test('a list run again issues nobody twice, leaves whole kits alone and mends the others', async () => {
    const list = 'name,email\n再開 一郎,a@example.test\n再開 二郎,\n再開 三郎,\n';
    const before = await desk.issued();
    const first = await desk.make(desk.listRequest(list, { folder }));
    assert.deepEqual(
      first.kits.map(({ outcome }) => outcome),
      ['issue', 'issue', 'issue'],
    );
    const passwords = first.kits.map(({ passwordFile }) => desk.password(folder, passwordFile));

    rmSync(join(folder, first.kits[1]!.file));
    writeFileSync(join(folder, first.kits[2]!.file), 'altered');
    const plan = await desk.client.kit.plan(desk.listRequest(`${list}再開 四郎,\n`, { folder }));
    assert.deepEqual(
      plan.kits.map(({ action, certificate }) => [action, certificate?.fingerprint]),
      [
        ['done', first.kits[0]!.fingerprint],
        ['reuse', first.kits[1]!.fingerprint],
        ['reuse', first.kits[2]!.fingerprint],
        ['issue', undefined],
      ],
    );
    const second = await desk.make(desk.listRequest(`${list}再開 四郎,\n`, { folder }));
    assert.equal(await desk.issued(), before + 4);
    assert.deepEqual(
      second.kits.slice(0, 3).map(({ fingerprint, file }) => [fingerprint, file]),
      first.kits.map(({ fingerprint, file }) => [fingerprint, file]),
    );
    const again = second.kits.map(({ passwordFile }) => desk.password(folder, passwordFile));
    assert.equal(again[0], passwords[0]);
    assert.notEqual(again[1], passwords[1]);
    const sheet = readFileSync(join(folder, second.passwordSheet), 'utf8');
    for (const password of again) assert.ok(sheet.includes(password));
  });

  test('only the same subject with the same names counts, and only while it is valid', async () => {
    const plan = async (text: string, more = {}) =>
      (await desk.client.kit.plan(desk.listRequest(text, { folder, ...more }))).kits.map(
        ({ action }) => action,
      );
    const made = await desk.make(
      desk.listRequest('name,email,department\n同名 花,a@example.test,営業\n', { folder }),
    );
    assert.deepEqual(
      await plan(
        'name,email,department\n同名 花,a@example.test,営業\n同名 花,b@example.test,営業\n同名 花,,営業\n同名 花,a@example.test,人事\n',
      ),
      ['done', 'issue', 'issue', 'issue'],
    );
    assert.deepEqual(await plan('name,email,department\n同名 花,a@example.test,営業\n', { reissue: true }), [
      'issue',
    ]);
    await desk.client.certificate.revoke({ certificate: made.kits[0]!.fingerprint });
    assert.deepEqual(await plan('name,email,department\n同名 花,a@example.test,営業\n'), ['issue']);
  });

  test('stopped between people it keeps what is whole, and the next run does the rest', async () => {
    const list = `name\n${Array.from({ length: 12 }, (_, at) => `中断 ${at}`).join('\n')}\n`;
    const before = await desk.issued();
    const controller = new AbortController();
    await assert.rejects(
      desk.make(
        desk.listRequest(list, { folder }),
        (event) => {
          if (event.type === 'kit' && event.done === 3) controller.abort();
        },
        controller.signal,
      ),
    );
    const part = await desk.issued();
    assert.ok(part > before && part < before + 12, `${part - before} issued`);
    const outcomes: string[] = [];
    const result = await desk.make(desk.listRequest(list, { folder }), (event) => {
      if (event.type === 'kit') outcomes.push(event.outcome);
    });
    assert.equal(await desk.issued(), before + 12);
    assert.equal(outcomes.filter((outcome) => outcome === 'issue').length, before + 12 - part);
    assert.equal(result.kits.length, 12);
    for (const kit of result.kits) assert.ok(existsSync(join(folder, kit.file)));
  });

  test('a run that begins while a stopped one still finishes issues nobody twice', async () => {
    const list = desk.listRequest(
      `name\n${Array.from({ length: 12 }, (_, at) => `直後 ${at}`).join('\n')}\n`,
      {
        folder,
        // Long enough to make that some are on their way.
        defaults: { keyAlgorithm: 'rsa-3072' },
      },
    );
    const before = await desk.issued();
    const controller = new AbortController();
    const stopped = await desk.client.kit.make(list, { signal: controller.signal });
    for (let made = 0; made < 2; ) {
      const { value } = await stopped.next();
      if (value && 'done' in value) made = value.done;
    }
    controller.abort();
    const { kits } = await desk.make(list);
    assert.equal(await desk.issued(), before + 12);
    assert.equal(new Set(kits.map(({ file }) => file)).size, 12);
  });

  test('names become file names that every system takes, each its own', async () => {
    const list = 'name,department\nAlice,1\nalice,2\nCON,1\n"山田/太郎: ""A""",1\n...,1\n';
    const { kits } = await desk.make(desk.listRequest(list, { folder }));
    const files = kits.map(({ file }) => file);
    // Whose key is made first gets the bare name.
    const pair = files.slice(0, 2).map((file) => file.toLowerCase());
    assert.deepEqual(pair.sort(), ['alice (2).zip', 'alice.zip']);
    assert.match(files[2]!, /^certificate-[0-9a-f]{8}\.zip$/);
    assert.equal(files[3], '山田_太郎_ _A_.zip');
    assert.match(files[4]!, /^certificate-[0-9a-f]{8}\.zip$/);
    const { kits: again } = await desk.make(desk.listRequest(list, { folder, reissue: true }));
    assert.equal(
      new Set([...files, ...again.map(({ file }) => file)].map((name) => name.toLowerCase())).size,
      10,
    );
  });

  test("somebody else's zip in the folder is not overwritten, and a damaged record stops everything", async () => {
    await desk.make(desk.listRequest('name\n先客\n', { folder }));
    writeFileSync(join(folder, '新客.zip'), 'not ours');
    const { kits } = await desk.make(desk.listRequest('name\n新客\n', { folder }));
    assert.equal(kits[0]!.file, '新客 (2).zip');
    assert.equal(readFileSync(join(folder, '新客.zip'), 'utf8'), 'not ours');
    writeFileSync(join(folder, 'kits.json'), '{"version":1,"kits":[');
    const before = await desk.issued();
    await assert.rejects(
      desk.make(desk.listRequest('name\n次の人\n', { folder })),
      problem('KIT_FOLDER_DAMAGED'),
    );
    assert.equal(await desk.issued(), before);
  });

  test('a certificate that is there becomes a kit, unless its key was made elsewhere', async () => {
    const issued = await desk.client.certificate.issue({
      authority: 'CA',
      subject: 'CN=既存 さん, O=割符',
      keyAlgorithm: 'ec-p256',
    });
    const request = { people: { certificate: issued.id }, folder };
    const { kits } = await desk.make(request);
    assert.deepEqual([kits[0]!.fingerprint, kits[0]!.outcome], [issued.id, 'reuse']);
    const [ca] = (await desk.client.certificate.list({ profile: 'ca' })).items;
    await desk.client.certificate.revoke({ certificate: issued.id });
    for (const unfit of [ca!.id, issued.id])
      await assert.rejects(
        desk.make({ people: { certificate: unfit }, folder }),
        problem('KIT_CERTIFICATE_UNFIT'),
      );
    // A certificate signed for a foreign request has no key here.
    const csr = desk.certificateRequest('CN=よそ の人');
    const foreign = await desk.client.certificate.sign({ authority: 'CA', request: csr.toString('base64') });
    await assert.rejects(desk.make({ people: { certificate: foreign.id }, folder }), problem('KEY_NOT_KEPT'));
  });

  test('everything in the folder is for its owner alone, and no password is in zip, record or audit log', async () => {
    const { kits } = await desk.make(desk.listRequest('name\n秘密 の人\n', { folder }));
    const password = desk.password(folder, kits[0]!.passwordFile);
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const { mode } = statSync(join(folder, name));
      assert.equal(mode & 0o077, 0, name);
    }
    const unpacked = desk.unzip(join(folder, kits[0]!.file), desk.path('秘密'));
    const places = [
      ...readdirSync(unpacked).map((name) => join(unpacked, name)),
      join(folder, kits[0]!.file),
      join(folder, 'kits.json'),
      ...readdirSync(desk.path('home')).map((name) => join(desk.path('home'), name)),
    ];
    assert.ok(places.length > 10);
    for (const place of places) {
      const bytes = readFileSync(place);
      for (const form of [password, password.replaceAll('-', '')])
        for (const encoding of ['utf8', 'utf16le'] as const)
          assert.ok(!bytes.includes(Buffer.from(form, encoding)), place);
    }
    const log = await desk.client.audit.show({});
    assert.ok(JSON.stringify(log).includes('kit.made'));
  });

  test('a locked vault stops before anything is written', async () => {
    await desk.client.vault.lock();
    await assert.rejects(desk.make(desk.listRequest('name\n誰か\n', { folder })), problem('VAULT_LOCKED'));
    assert.equal(existsSync(folder), false);
    await desk.client.vault.unlock({ slot: 'passphrase', passphrase: 'canary passphrase 割符' });
  });
});
