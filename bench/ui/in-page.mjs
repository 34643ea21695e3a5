// Runs inside the page, handed over as text: nothing here can see anything else of this folder.

/** @param {{ path: string, body: string }} request */
export async function post({ path, body }) {
  const started = performance.now();
  const answer = await fetch(path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-warifu-key': localStorage.getItem('warifu-key') },
  });
  const text = await answer.text();
  const ms = performance.now() - started;
  if (!answer.ok) throw new Error(text);
  return { output: text.startsWith('{') ? JSON.parse(text).json : text, ms };
}

/** From Home, at rest, to the first row. @param {string} row */
export async function openList(row) {
  location.hash = '#/';
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const started = performance.now();
  location.hash = '#/certificates';
  while (!document.querySelector(row)) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - started;
}

/** Whether the first row is this one, or there is none when none is expected. @param {string | undefined} subject */
export function isFirst(subject) {
  if (subject === undefined) return document.querySelector('tbody tr') === null;
  const isSettled = document.querySelector('table[aria-busy=false]') !== null;
  return isSettled && document.querySelector('tbody td')?.title === subject;
}

export function watchFrames() {
  const watched = { tasks: [0], frames: 0, started: performance.now() };
  window.watched = watched;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.tasks.push(duration);
  }).observe({ type: 'longtask' });
  const frame = () => {
    watched.frames += 1;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

export function watchedFrames() {
  const { tasks, frames, started } = window.watched;
  return { fps: (frames * 1000) / (performance.now() - started), longestTask: Math.max(...tasks) };
}

/** As somebody pulls the scrollbar. @param {number} part of the whole, from 0 to 1 */
export function pullScrollbar(part) {
  const list = document.querySelector('table').parentElement.parentElement;
  list.scrollTop = list.scrollHeight * part;
}
