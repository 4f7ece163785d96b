import type { Redis } from 'ioredis';
import { deliverWebhook } from '../../jobs/deliver-webhook/job.ts';
import type { Config } from '../config/config.ts';
import { windowMetricsOf } from '../domain/entity/metrics.ts';
import type { Logger } from '../logger.ts';
import { type InferenceRecorder, openInferences } from '../redis/inferences/inferences.ts';
import { openSpool } from '../redis/inferences/spool.ts';
import type { Queues } from '../runtime/queues.ts';
import type { Stored } from './stored.ts';

export interface RecorderParts extends Pick<Stored, 'audit' | 'outbox' | 'sealing'> {
  readonly client: Redis;
  readonly prefix: string;
  readonly config: Pick<Config, 'tenant' | 'webhooks'>;
  readonly queues: Pick<Queues, 'enqueue'>;
  readonly logger: Logger;
}

/** The recorder of inferences, whose windows go to the analytics webhook through the outbox. */
export function openInferenceRecorder(parts: RecorderParts): InferenceRecorder {
  const { client, prefix, config, outbox, queues } = parts;
  const target = 'analytics';
  return openInferences({
    ...parts,
    spool: openSpool(client, prefix, config.webhooks.analytics !== null),
    async send({ id, totals, at }) {
      const metrics = windowMetricsOf(totals, new Date(at).toISOString());
      await outbox.put(target, id, JSON.stringify(metrics));
      const spec = deliverWebhook.spec({ tenant: config.tenant.key, target, event: id });
      await queues.enqueue([spec], { restart: 'never' });
    },
  });
}
