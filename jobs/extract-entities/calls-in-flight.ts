/** One call: it says when its request leaves. */
export type Call<Item> = (item: Item, onSent: () => void) => Promise<void>;

/** Calls in flight at the most, whatever the latency: each holds a connection. */
const mostInFlight = 1_000;

/**
 * Makes a call for each item. A new one begins whenever fewer than `waiting` wait for their slot of the budget, so that
 * rate × latency of them are in flight (Little's law), whatever both are. The first error ends it, once the calls in
 * flight have ended: what they bring is not lost.
 * @throws the first error of a call
 */
export async function callEach<Item>(items: readonly Item[], waiting: number, call: Call<Item>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let [next, unsent, inFlight] = [0, 0, 0];
    let failure: { readonly error: unknown } | null = null;

    const proceed = (): void => {
      while (failure === null && next < items.length && unsent < waiting && inFlight < mostInFlight) start(next++);
      if (inFlight > 0) return;
      if (failure !== null) reject(failure.error);
      else if (next === items.length) resolve();
    };
    const start = (index: number): void => {
      let isSent = false;
      unsent += 1;
      inFlight += 1;
      const sent = () => {
        if (isSent) return;
        isSent = true;
        unsent -= 1;
      };
      const item = items[index];
      const made =
        item === undefined
          ? Promise.resolve()
          : call(item, () => {
              sent();
              proceed();
            });
      void made
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .then(() => {
          sent();
          inFlight -= 1;
          proceed();
        });
    };
    proceed();
  });
}
