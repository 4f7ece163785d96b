import type { Push } from '../../src/domain/push/push.ts';
import type { Thresholds } from '../../src/domain/push/thresholds.ts';
import { MlopsError } from '../../src/errors.ts';
import type { NlpConfig } from '../../src/platform/endpoints.ts';
import { sha256Of } from '../../src/store/artifacts/sealed.ts';

/** The thresholds in the platform's format. */
export function bodyOf({ global, intents }: Thresholds): NlpConfig {
  return {
    defaultConfidenceThreshold: global,
    intentThresholds: intents.map(({ intentId, threshold }) => ({ intentId, confidenceThreshold: threshold })),
  };
}

/** SHA-256 of the body's JSON, which is what is sent, in hex. */
export function bodySha256(thresholds: Thresholds): string {
  return sha256Of(JSON.stringify(bodyOf(thresholds)));
}

/**
 * The thresholds of a push, checked against the hash that was recorded and audited when they were planned.
 * @throws MlopsError PUSH_LOG_DAMAGED
 */
export function provenThresholds({ version, thresholds, sha256 }: Pick<Push, 'version' | 'thresholds' | 'sha256'>) {
  if (bodySha256(thresholds) === sha256) return thresholds;
  throw new MlopsError(
    'PUSH_LOG_DAMAGED',
    `the thresholds of version ${version} do not match their SHA-256: nothing was sent. Restore the log of pushes from a backup of the store`,
  );
}
