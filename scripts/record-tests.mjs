// A reporter for node:test. Writes one JSON object a line: each test's outcome, then `{ "end": true }`.
// A file without that last line did not finish.
import { inspect } from 'node:util';

export default async function* recordTests(events) {
  const path = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      path.length = data.nesting;
      path[data.nesting] = data.name;
    } else if (type === 'test:pass' || type === 'test:fail') {
      const record = outcomeOf(type, data);
      if (record !== undefined)
        yield line({ name: [...path.slice(0, data.nesting), data.name].join(' > '), ...record });
    } else if (type === 'test:diagnostic') {
      yield line({ diagnostic: data.message });
    } else if (type === 'test:summary') {
      yield line({ end: true });
    }
  }
}

/** A suite only groups tests: it counts when it was skipped whole or broke by itself (in a hook). */
function outcomeOf(type, data) {
  if (data.skip !== undefined && data.skip !== false)
    return { outcome: 'skipped', reason: reasonOf(data.skip) };
  if (data.todo !== undefined && data.todo !== false)
    return { outcome: 'skipped', reason: `todo: ${reasonOf(data.todo)}` };
  const isSuite = data.details?.type === 'suite';
  if (type === 'test:pass') return isSuite ? undefined : { outcome: 'passed' };
  const error = data.details.error;
  if (isSuite && error?.failureType === 'subtestsFailed') return undefined;
  return { outcome: 'failed', error: describe(error), at: `${data.file ?? ''}:${data.line ?? ''}` };
}

function reasonOf(value) {
  return typeof value === 'string' && value !== '' ? value : 'no reason given';
}

/** node:test wraps what the test threw; the reader wants what was thrown. */
function describe(error) {
  const thrown = error?.code === 'ERR_TEST_FAILURE' && error.cause !== undefined ? error.cause : error;
  return typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 4 });
}

function line(value) {
  return `${JSON.stringify(value)}\n`;
}
