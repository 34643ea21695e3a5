// Loaded into the app's process by --import: how long its event loop stood still, told to whoever started it.
import { openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolution = 10;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();

// Opened once: what watches should cost nothing.
const schedstat = openSync('/proc/thread-self/schedstat');
const numbers = Buffer.alloc(64);

// A loop stands still as well while the thread waits for a processor that somebody else has: told apart here.
let own = 0;
let before = { at: performance.now(), waited: waitedForProcessor() };
setInterval(() => {
  const now = { at: performance.now(), waited: waitedForProcessor() };
  own = Math.max(own, now.at - before.at - (now.waited - before.waited) - resolution);
  before = now;
}, resolution).unref();

process.on('message', (wish) => {
  if (wish === 'reset') {
    delay.reset();
    own = 0;
  }
  // What is sampled is the wait between two timers: their distance is no stall.
  process.send?.({
    longest: Math.max(0, delay.max / 1e6 - resolution),
    p99: Math.max(0, delay.percentile(99) / 1e6 - resolution),
    own,
  });
});
// Being watched keeps nothing alive.
process.channel?.unref();

/** Milliseconds that this thread could have run and did not (Linux, Documentation/scheduler/sched-stats). */
function waitedForProcessor() {
  const length = readSync(schedstat, numbers, 0, numbers.length, 0);
  return Number(numbers.latin1Slice(0, length).split(' ')[1]) / 1e6;
}
