import { isCoded, type MlopsError } from '../src/errors.ts';

/** What `act` throws, or rejects with; an error of its own where it does not. */
export async function thrownBy(act: () => unknown): Promise<unknown> {
  let returned: unknown;
  try {
    returned = await act();
  } catch (error) {
    return error;
  }
  throw new Error(`nothing was thrown, but returned: ${JSON.stringify(returned)}`);
}

/** The coded error that `act` throws. */
export async function codedBy(act: () => unknown): Promise<MlopsError> {
  const error = await thrownBy(act);
  if (isCoded(error)) return error;
  throw error;
}

export async function codeOf(act: () => unknown): Promise<string> {
  return (await codedBy(act)).code;
}
