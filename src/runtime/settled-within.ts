/** Whether `promise` settles within `ms`. */
export async function settledWithin(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const inTime = promise.then(
    () => true,
    () => true,
  );
  return await Promise.race([inTime, late]).finally(() => clearTimeout(timer));
}
