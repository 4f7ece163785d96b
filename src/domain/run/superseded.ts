import type { Manifest } from '../dataset/manifest.ts';
import type { Run } from './run.ts';

/**
 * Whether a dataset was set back to before the watermark that an open run began at. Its commit would move the watermark
 * over rows that were not requested again.
 */
export function isOvertaken(run: Run, head: Manifest | null): boolean {
  const began = run.window.watermark;
  return began !== null && (head === null || head.watermark < began);
}
