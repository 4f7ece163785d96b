import { MlopsError, systemCode } from '../errors.ts';
import { redisError } from '../redis/replies.ts';

/**
 * Any thrown thing as a coded error: the one place that decides whether a failure is final. What is not ours becomes
 * INTERNAL, which is retried; the text of a parser's error is left out, because it quotes what it could not read.
 */
export function classify(thrown: unknown, stopped: MlopsError | undefined): MlopsError {
  if (thrown instanceof MlopsError) return thrown;
  if (stopped !== undefined) return stopped;
  const ofRedis = redisError(thrown);
  if (ofRedis !== null) return ofRedis;
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  const message =
    thrown instanceof Error && !(thrown instanceof SyntaxError) ? `: ${thrown.message.slice(0, 300)}` : '';
  const code = systemCode(thrown);
  return new MlopsError('INTERNAL', `${code === undefined ? name : `${name} ${code}`}${message}`, { cause: thrown });
}
