/** Long work that tells its progress through a callback, as the event iterator that the contract carries. */
export async function* progressOf<E, R>(
  work: (tell: (event: E) => void) => Promise<R>,
): AsyncGenerator<E, R, void> {
  const waiting: E[] = [];
  let wake = (): void => {};
  let finished = false;
  const result = work((event) => {
    waiting.push(event);
    wake();
  }).finally(() => {
    finished = true;
    wake();
  });
  // Its failure is thrown where the result is awaited below; until then it is not unhandled.
  result.catch(() => {});
  while (!finished || waiting.length > 0) {
    while (waiting.length > 0) yield waiting.shift()!;
    if (!finished)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
  return result;
}
