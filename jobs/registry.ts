import type { QueueDefinition } from '../src/runtime/job.ts';
import { calibrateSentiment } from './calibrate-sentiment/job.ts';
import { computeRoc } from './compute-roc/job.ts';
import { deliverWebhook } from './deliver-webhook/job.ts';
import { embedAndDedup } from './embed-and-dedup/job.ts';
import { extractEntities } from './extract-entities/job.ts';
import { extractTurns } from './extract-turns/job.ts';
import { fetchPage } from './fetch-page/job.ts';
import { pollTraining } from './poll-training/job.ts';
import { pushConfig } from './push-config/job.ts';
import type { Resources } from './resources.ts';
import { runSchedule } from './run-schedule/job.ts';

/** All queues, in the order in which data flows. A queue's definition holds all its properties. */
export const registry: readonly QueueDefinition<Resources>[] = [
  fetchPage,
  extractTurns,
  embedAndDedup,
  computeRoc,
  pushConfig,
  pollTraining,
  extractEntities,
  calibrateSentiment,
  runSchedule,
  deliverWebhook,
];

export const queueNames: readonly string[] = registry.map(({ name }) => name);
