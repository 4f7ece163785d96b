import type { Resources } from '../resources.ts';

/** What the handler of this queue needs. */
export type Needs = Pick<Resources, 'tenant' | 'runs' | 'cancellations' | 'webhooks' | 'outbox' | 'queues'>;
