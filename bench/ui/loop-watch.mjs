// Loaded into the app's process by --import: how long its event loop stood still, told to whoever started it.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolution = 5;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
process.on('message', (wish) => {
  if (wish === 'reset') delay.reset();
  // What is sampled is the wait between two timers: their distance is no stall.
  process.send?.({
    longest: Math.max(0, delay.max / 1e6 - resolution),
    p99: Math.max(0, delay.percentile(99) / 1e6 - resolution),
  });
});
// Being watched keeps nothing alive.
process.channel?.unref();
