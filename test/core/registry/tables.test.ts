import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  AuditRecord,
  CloudAccountRecord,
  CrlRecord,
  IntentRecord,
  RolloutRecord,
  RolloutStepRecord,
  ServerCertificateRecord,
} from '../../../core/registry/records.ts';
import { Registry } from '../../../core/registry/registry.ts';
import { certificate, clock, withRegistry } from './records.ts';

const at = '2026-01-01T00:00:00Z';
const secret = { id: 'secret-1', kind: 'key', sealed: new Uint8Array([1, 0, 255]), createdAt: at };
const intent: IntentRecord = {
  id: 'intent-1',
  authorityId: 'authority-1',
  serial: '0b',
  subject: 'CN=山田 太郎',
  profile: 'client',
  createdAt: at,
  state: 'open',
  certificateId: null,
};

test('an authority and its certificate point at each other and are read back as they were written', () =>
  withRegistry((registry) => {
    const read = registry.read((rows) => rows.authorities.byName('根 CA'));
    assert.equal(read?.id, 'authority-1');
    registry.read((rows) => {
      assert.deepEqual(rows.authorities.get('authority-1'), read);
      assert.deepEqual(rows.authorities.list(), [read]);
      assert.equal(rows.certificates.get(read!.certificateId)?.profile, 'ca');
      assert.equal(rows.authorities.get('nobody'), undefined);
    });
  }));

test('a certificate comes back octet by octet, by id and by serial', () =>
  withRegistry((registry) => {
    const record = certificate('0a', { secretId: secret.id, der: new Uint8Array([0x30, 0, 0xff]) });
    registry.write((rows) => {
      rows.certificates.insert(record);
      rows.secrets.insert(secret);
    });
    registry.read((rows) => {
      assert.deepEqual(rows.certificates.get(record.id), record);
      assert.deepEqual(rows.certificates.bySerial('authority-1', '0a'), record);
      assert.equal(rows.certificates.bySerial('authority-1', '0c'), undefined);
      assert.deepEqual(rows.secrets.get('secret-1'), secret);
      assert.equal(rows.secrets.any(), true);
    });
  }));

test('one authority cannot have a serial twice, neither as certificate nor as intent', () =>
  withRegistry((registry) => {
    registry.write((rows) => rows.certificates.insert(certificate('0a')));
    const other = certificate('0a', { der: new Uint8Array([9]) });
    assert.throws(() => registry.write((rows) => rows.certificates.insert(other)), {
      code: 'REGISTRY_CONFLICT',
      data: { table: 'certificates', field: 'authority_id, serial' },
    });
    registry.write((rows) => rows.intents.insert(intent));
    assert.throws(() => registry.write((rows) => rows.intents.insert({ ...intent, id: 'intent-2' })), {
      code: 'REGISTRY_CONFLICT',
    });
  }));

test('an intent is settled once', () =>
  withRegistry((registry) => {
    registry.write((rows) => rows.intents.insert(intent));
    assert.deepEqual(
      registry.read((rows) => rows.intents.open()),
      [intent],
    );
    const issued = certificate('0b');
    registry.write((rows) => {
      rows.certificates.insert(issued);
      rows.intents.settle('intent-1', 'issued', issued.id);
    });
    assert.deepEqual(
      registry.read((rows) => [rows.intents.open(), rows.intents.get('intent-1')]),
      [[], { ...intent, state: 'issued', certificateId: issued.id }],
    );
    const again = { code: 'REGISTRY_ABSENT_ROW', data: { table: 'intents', row: 'intent-1' } };
    assert.throws(() => registry.write((rows) => rows.intents.settle('intent-1', 'discarded', null)), again);
  }));

test('revocations stand apart from certificates and are walked in order of serial', () =>
  withRegistry((registry) => {
    const serials = Array.from({ length: 1203 }, (_, n) => n.toString(16).padStart(8, '0'));
    registry.write((rows) => {
      for (const serial of [...serials].reverse()) {
        const revocation = { serial, reason: 'keyCompromise', revokedAt: at, invalidityAt: null } as const;
        rows.revocations.insert({ authorityId: 'authority-1', ...revocation });
      }
    });
    registry.read((rows) => {
      assert.deepEqual(
        [...rows.revocations.iterate('authority-1')].map((row) => row.serial),
        serials,
      );
      assert.deepEqual([...rows.revocations.iterate('authority-2')], []);
      assert.equal(rows.revocations.get('authority-1', serials[7]!)?.reason, 'keyCompromise');
      assert.equal(rows.revocations.count('authority-1'), 1203);
    });
  }));

test('a walk over many rows lets another writer through between two rows', () =>
  withRegistry((registry, path) => {
    registry.write((rows) => {
      for (let seq = 1; seq <= 600; seq += 1) rows.audit.append(auditRecord(seq));
    });
    const other = Registry.open(path, { clock, waitSeconds: 0 });
    const walk = registry.read((rows) => rows.audit.iterate(1));
    walk.next();
    other.write((rows) => rows.audit.append(auditRecord(601)));
    other.close();
    assert.equal([...walk].length, 600);
  }));

test('a CRL number is never given twice, even when no CRL follows', () =>
  withRegistry((registry) => {
    const next = () => registry.write((rows) => rows.crls.nextNumber('authority-1'));
    assert.deepEqual([next(), next()], [1, 2]);
    const crl: CrlRecord = {
      authorityId: 'authority-1',
      number: 40,
      thisUpdate: at,
      nextUpdate: '2026-02-01T00:00:00Z',
      entries: 0,
      der: new Uint8Array([0x30]),
    };
    registry.write((rows) => rows.crls.insert(crl));
    assert.equal(next(), 41);
    assert.deepEqual(
      registry.read((rows) => [rows.crls.latest('authority-1'), rows.crls.latest('authority-2')]),
      [crl, undefined],
    );
    assert.throws(() => registry.write((rows) => rows.crls.insert(crl)), { code: 'REGISTRY_CONFLICT' });
  }));

test('server certificates keep their hosts, and an update writes every field', () =>
  withRegistry((registry) => {
    const requested: ServerCertificateRecord = {
      id: 'server-1',
      name: 'www',
      source: 'requested',
      commonName: 'www.example.com',
      hosts: ['www.example.com', '192.0.2.1'],
      chainPem: null,
      requestPem: 'PEM',
      fingerprint: null,
      notBefore: null,
      notAfter: null,
      secretId: 'secret-1',
      createdAt: at,
    };
    const arrived = { ...requested, chainPem: 'CHAIN', fingerprint: 'ff', notBefore: at, notAfter: at };
    registry.write((rows) => {
      rows.secrets.insert(secret);
      rows.serverCertificates.insert(requested);
    });
    assert.deepEqual(
      registry.read((rows) => rows.serverCertificates.byName('www')),
      requested,
    );
    registry.write((rows) => rows.serverCertificates.update(arrived));
    registry.read((rows) => {
      assert.deepEqual(rows.serverCertificates.get('server-1'), arrived);
      assert.deepEqual(rows.serverCertificates.list(), [arrived]);
    });
    const absent = { ...arrived, id: 'server-2' };
    assert.throws(() => registry.write((rows) => rows.serverCertificates.update(absent)), {
      code: 'REGISTRY_ABSENT_ROW',
    });
  }));

test('an account, its rollout and the journal of the rollout go together, and in the right order', () =>
  withRegistry((registry) => {
    const account: CloudAccountRecord = {
      id: 'account-1',
      name: '練習',
      accessKeyId: 'LTAI',
      secretId: 'secret-1',
      regionId: 'ap-northeast-1',
      endpoint: null,
      practice: true,
      createdAt: at,
    };
    const rollout: RolloutRecord = {
      id: 'rollout-1',
      name: 'shop',
      accountId: 'account-1',
      desired: '{}',
      resources: '{}',
      createdAt: at,
      updatedAt: at,
    };
    const step: RolloutStepRecord = {
      rolloutId: 'rollout-1',
      runId: 'run',
      step: 'upload',
      state: 'started',
      at,
      detail: '{}',
    };
    registry.write((rows) => {
      rows.cloudAccounts.insert(account);
      rows.secrets.insert(secret);
      rows.rollouts.insert(rollout);
      rows.rolloutSteps.append(step);
      rows.rolloutSteps.append({ ...step, state: 'done' });
    });
    registry.read((rows) => {
      assert.deepEqual(rows.cloudAccounts.byName('練習'), account);
      assert.deepEqual(rows.cloudAccounts.list(), [account]);
      assert.deepEqual(rows.rollouts.byName('shop'), rollout);
      assert.deepEqual(
        rows.rolloutSteps.list('rollout-1').map((row) => row.state),
        ['started', 'done'],
      );
    });
    const stillUsed = { code: 'REGISTRY_REFERENCE' };
    assert.throws(() => registry.write((rows) => rows.cloudAccounts.delete('account-1')), stillUsed);
    assert.throws(() => registry.write((rows) => rows.secrets.delete('secret-1')), stillUsed);
    registry.write((rows) => {
      rows.cloudAccounts.update({ ...account, practice: false, endpoint: 'http://127.0.0.1:1' });
      rows.rollouts.update({ ...rollout, resources: '{"a":1}' });
    });
    assert.equal(registry.read((rows) => rows.cloudAccounts.get('account-1'))?.practice, false);
    assert.equal(registry.read((rows) => rows.rollouts.get('rollout-1'))?.resources, '{"a":1}');
    registry.write((rows) => {
      rows.secrets.delete('secret-1');
      rows.rollouts.delete('rollout-1');
      rows.cloudAccounts.delete('account-1');
    });
    registry.read((rows) => {
      assert.deepEqual(rows.rolloutSteps.list('rollout-1'), []);
      assert.deepEqual(rows.rollouts.list(), []);
      assert.equal(rows.secrets.any(), false);
    });
  }));

test('settings are overwritten, audit rows are not', () =>
  withRegistry((registry) => {
    registry.write((rows) => {
      rows.settings.set('language', 'ja');
      rows.settings.set('language', 'zh-CN');
      rows.audit.append(auditRecord(1));
    });
    registry.read((rows) => {
      assert.equal(rows.settings.get('language'), 'zh-CN');
      assert.equal(rows.settings.get('theme'), undefined);
      assert.deepEqual(rows.audit.last(), auditRecord(1));
    });
    assert.throws(() => registry.write((rows) => rows.audit.append(auditRecord(1))), {
      code: 'REGISTRY_CONFLICT',
    });
  }));

function auditRecord(seq: number): AuditRecord {
  return { seq, at, action: 'test.run', subject: '{}', previous: '00', hash: `${seq}`, mac: null };
}
