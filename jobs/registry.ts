import type { QueueEntry } from '../src/runtime/worker.ts';
import { computeRoc } from './compute-roc/job.ts';
import { deliverWebhook } from './deliver-webhook/job.ts';
import { embedAndDedup } from './embed-and-dedup/job.ts';
import { extractTurns } from './extract-turns/job.ts';
import { fetchPage } from './fetch-page/job.ts';
import { pollTraining } from './poll-training/job.ts';
import { pushConfig } from './push-config/job.ts';
import type { Resources } from './resources.ts';
import { runSchedule } from './run-schedule/job.ts';

/** All queues, in the order in which data flows. A handler is loaded by the workers that run it. */
export const registry: readonly QueueEntry<Resources>[] = [
  { job: fetchPage, load: async () => (await import('./fetch-page/handler.ts')).handler },
  { job: extractTurns, load: async () => (await import('./extract-turns/handler.ts')).handler },
  { job: embedAndDedup, load: async () => (await import('./embed-and-dedup/handler.ts')).handler },
  { job: computeRoc, load: async () => (await import('./compute-roc/handler.ts')).handler },
  { job: pushConfig, load: async () => (await import('./push-config/handler.ts')).handler },
  { job: pollTraining, load: async () => (await import('./poll-training/handler.ts')).handler },
  { job: runSchedule, load: async () => (await import('./run-schedule/handler.ts')).handler },
  { job: deliverWebhook, load: async () => (await import('./deliver-webhook/handler.ts')).handler },
];

export const queueNames: readonly string[] = registry.map(entry => entry.job.name);
