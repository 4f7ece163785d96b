/** Lets at most `most` of the tasks given to it run at once; the others wait for their turn, first come, first served. */
export function openGate(most: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async task => {
    if (running >= most) await new Promise<void>(resolve => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // A slot that is handed over stays occupied.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
