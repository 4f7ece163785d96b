/** What each queue is a part of, for who looks at many of them. */
const systems: Readonly<Record<string, string>> = {
  'fetch-page': 'curation',
  'extract-turns': 'curation',
  'embed-and-dedup': 'curation',
  'compute-roc': 'thresholds',
  'push-config': 'thresholds',
  'poll-training': 'training',
  'extract-entities': 'entities',
  'calibrate-sentiment': 'sentiment',
  'deliver-webhook': 'webhooks',
};

/** @returns the queue's own name where it is a system by itself */
export function systemOf(queue: string): string {
  return systems[queue] ?? queue;
}
