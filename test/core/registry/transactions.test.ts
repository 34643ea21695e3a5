import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Registry } from '../../../core/registry/registry.ts';
import { certificate, clock, withRegistry } from './records.ts';

test('work that throws leaves nothing behind, and its error passes through', () =>
  withRegistry((registry) => {
    const error = new Error('changed my mind');
    assert.throws(
      () =>
        registry.write((rows) => {
          rows.settings.set('a', '1');
          throw error;
        }),
      error,
    );
    assert.equal(
      registry.read((rows) => rows.settings.get('a')),
      undefined,
    );
    registry.write((rows) => rows.settings.set('a', '2'));
  }));

test('a reference to nothing is refused at the end of the transaction, with all that came with it', () =>
  withRegistry((registry) => {
    const dangling = () =>
      registry.write((rows) => {
        rows.settings.set('a', '1');
        rows.certificates.insert(certificate('0a', { secretId: 'nowhere' }));
      });
    assert.throws(dangling, { code: 'REGISTRY_REFERENCE' });
    assert.equal(
      registry.read((rows) => rows.settings.get('a')),
      undefined,
    );
  }));

test('a read sees one snapshot while another connection writes', () =>
  withRegistry((registry, path) => {
    const other = Registry.open(path, { clock });
    registry.write((rows) => rows.settings.set('a', '1'));
    const seen = registry.read((rows) => {
      const before = rows.settings.get('a');
      other.write((otherRows) => otherRows.settings.set('a', '2'));
      return [before, rows.settings.get('a')];
    });
    assert.deepEqual(seen, ['1', '1']);
    assert.equal(
      registry.read((rows) => rows.settings.get('a')),
      '2',
    );
    other.close();
  }));

test('mistakes of the caller do not pass for trouble with the disk', () =>
  withRegistry((registry) => {
    assert.throws(() => registry.read((rows) => rows.settings.set('a', '1')), /a write inside read/);
    assert.throws(() => registry.write(() => registry.write(() => 1)), /do not nest/);
    assert.throws(() => registry.write(async () => 1), /must be synchronous/);
    assert.equal(
      registry.write((rows) => {
        rows.settings.set('a', '1');
        return registry.read((inner) => inner.settings.get('a'));
      }),
      '1',
    );
  }));

test('a writer that another one holds up says so after its patience', () =>
  withRegistry((registry, path) => {
    const impatient = Registry.open(path, { clock, waitSeconds: 1 });
    registry.write((rows) => {
      rows.settings.set('a', '1');
      assert.throws(() => impatient.write((others) => others.settings.set('a', '2')), {
        code: 'REGISTRY_BUSY',
        data: { path, seconds: 1 },
      });
    });
    impatient.write((rows) => rows.settings.set('a', '3'));
    impatient.close();
  }));

test(
  'what is written aside is there at once, for others too, and waits for the disk before it is called done',
  {
    skip: process.platform === 'win32' && 'no file is removed there that is open',
  },
  () =>
    withRegistry(async (registry, path) => {
      const other = Registry.open(path, { clock });
      const seen = () => other.read((rows) => rows.settings.get('a'));
      const writing = registry.writeAside((rows) => rows.settings.set('a', '1'));
      assert.equal(seen(), '1');
      await writing;
      const error = new Error('changed my mind');
      const failing = registry.writeAside((rows) => {
        rows.settings.set('a', '2');
        throw error;
      });
      await assert.rejects(failing, error);
      assert.equal(seen(), '1');
      // A log that cannot be brought to the disk is no success.
      const lost = registry.writeAside(() => unlinkSync(`${path}-wal`));
      await assert.rejects(lost, { code: 'REGISTRY_UNAVAILABLE' });
      other.close();
    }),
);
