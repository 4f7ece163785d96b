import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { SharedCounters } from '../../redis/counters/shared-counters.ts';
import { type QueueSource, queueGauges } from './queue-gauges.ts';
import { type StoreSource, storeGauges } from './store-gauges.ts';
import { sumsText } from './sums-text.ts';

/** The metrics of this process and the system, for Prometheus. */
export interface Metrics {
  readonly contentType: string;
  /** Reads all sources. A source that does not respond in time is left out and reported by `cxone_source_up`. */
  text(): Promise<string>;
}

export interface MetricsParts extends QueueSource, StoreSource {
  readonly counters: SharedCounters;
  readonly version: string;
}

const timeoutMs = 3_000;

export function openMetrics(parts: MetricsParts): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const build = new Gauge({
    name: 'cxone_build_info',
    help: 'Always 1; the labels are the versions of cxone-mlops and Node',
    registers: [register],
    labelNames: ['version', 'node'],
  });
  build.set({ version: parts.version, node: process.version }, 1);
  const up = new Gauge({
    name: 'cxone_source_up',
    help: 'Whether a source of the metrics could be read',
    registers: [register],
    labelNames: ['source'],
  });
  const queues = openLook(() => queueGauges(parts));
  const store = openLook(storeGauges(parts));
  const sums = openLook(async () => {
    await parts.counters.flush();
    return await sumsText(await parts.counters.read(), {
      queues: parts.queueNames,
      families: Object.keys(parts.limits),
    });
  });

  return {
    contentType: register.contentType,
    async text() {
      const [fromQueues, fromSums, fromStore] = await Promise.all([queues(), sums(), store()]);
      up.set({ source: 'redis' }, fromQueues === null || fromSums === null ? 0 : 1);
      up.set({ source: 'store' }, fromStore === null ? 0 : 1);
      const texts = [await register.metrics(), fromQueues, fromStore, fromSums];
      return texts.filter(text => text !== null).join('\n');
    },
  };
}

/**
 * One scrape at a time, so that scrapes do not pile up on a Redis or a disk that hangs.
 * @returns `null` after a timeout or a failure
 */
function openLook(look: () => Promise<string>): () => Promise<string | null> {
  let looking: Promise<string | null> | null = null;
  return async () => {
    looking ??= look()
      .catch(() => null)
      .finally(() => {
        looking = null;
      });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>(resolve => {
      timer = setTimeout(() => resolve(null), timeoutMs);
    });
    return await Promise.race([looking, late]).finally(() => clearTimeout(timer));
  };
}
