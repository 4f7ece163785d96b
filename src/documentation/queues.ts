import { registry } from '../../jobs/registry.ts';
import { limitText } from '../config/limits.ts';
import { defaultLimits } from '../platform/endpoints.ts';
import { markdownTable } from './generated-text.ts';

/** README's table of queues. */
export function queueTable(): string {
  const rows = registry.map(({ name, system, summary, policy, calls }) => {
    const families = [...new Set(calls.map(({ family }) => family))];
    const budgets = families.map(family => `${family} ${limitText(defaultLimits[family])}`);
    return [`\`${name}\``, system, summary, String(policy.concurrency), budgets.join(', ')];
  });
  return markdownTable(['queue', 'system', 'what its jobs do', 'concurrency per process', 'budget'], rows);
}

/** The table of docs/producers.md: the queues to which foreign producers may add jobs. */
export function openQueueTable(): string {
  const rows = registry.flatMap(({ name, summary, open }) =>
    open === null ? [] : [[`\`${name}\``, summary, `[schemas/${name}.json](schemas/${name}.json)`, `\`${open.id}\``]],
  );
  return markdownTable(['queue', 'what a job does', 'payload', 'job id'], rows);
}
