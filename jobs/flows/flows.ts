import { MlopsError } from '../../src/errors.ts';
import { calibration } from './calibration/flow.ts';
import { curation } from './curation/flow.ts';
import { extraction } from './extraction/flow.ts';
import type { Flow } from './flow.ts';
import { training } from './training/flow.ts';
import { tuning } from './tuning/flow.ts';

/** What a caller can request, in the order of the documents. */
export const flows: readonly Flow[] = [curation, tuning, training, extraction, calibration];

/** @throws MlopsError BAD_INPUT */
export function flowNamed(name: string): Flow {
  const flow = flows.find(each => each.name === name);
  if (flow !== undefined) return flow;
  throw new MlopsError('BAD_INPUT', `flow ${name} not found; the flows are ${flows.map(each => each.name).join(', ')}`);
}
