import type { Command } from 'commander';

/** A command of the command line. Its module is loaded only where the command is called: help needs the description alone. */
export interface CommandEntry {
  readonly description: string;
  load(): Promise<Command>;
}

/** All commands, in the order in which help lists them. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  demo: {
    description: 'Run a complete curation against a simulated tenant (no setup). Writes ./data/demo.csv',
    load: async () => (await import('./demo.ts')).demoCommand(),
  },
  setup: {
    description: 'Install redis-server if it is missing (Debian and Ubuntu, with apt-get)',
    load: async () => (await import('./setup.ts')).setupCommand(),
  },
  up: {
    description: 'Start workers, HTTP API and Bull Board in one process',
    load: async () => (await import('./up.ts')).upCommand(),
  },
  worker: {
    description: 'Process jobs until stopped. On SIGTERM, running jobs get 10 s, then return to the queue',
    load: async () => (await import('./worker.ts')).workerCommand(),
  },
  api: {
    description: 'Start HTTP API, health and Bull Board, without workers',
    load: async () => (await import('./up.ts')).apiCommand(),
  },
  sandbox: {
    description: 'Start a local mock of the CXone APIs for testing',
    load: async () => (await import('./sandbox.ts')).sandboxCommand(),
  },
  curate: {
    description: 'Add new conversations to a training set: fetch, extract turns, embed, remove near-duplicates, commit',
    load: async () => (await import('../curation/command.ts')).curateCommand(),
  },
  dataset: {
    description: 'Show, export, verify and restore datasets',
    load: async () => (await import('./dataset.ts')).datasetCommand(),
  },
  tune: {
    description:
      'Compute each intent’s confidence threshold from a cross-validation export. Without --push, a dry run that shows what would change',
    load: async () => (await import('../tuning/command.ts')).tuneCommand(),
  },
  config: {
    description: 'Threshold versions: list, show, roll back',
    load: async () => (await import('../tuning/config-command.ts')).configCommand(),
  },
  train: {
    description: 'Train a skill: validate the data, submit once, wait, evaluate the model and keep its files',
    load: async () => (await import('../training/command.ts')).trainCommand(),
  },
  extract: {
    description: 'Extract entities from a text, a JSONL file or a dataset, with dates, numbers and money normalized',
    load: async () => (await import('../extraction/command.ts')).extractCommand(),
  },
  models: {
    description: 'List and show trained models',
    load: async () => (await import('../training/models-command.ts')).modelsCommand(),
  },
  calibrate: {
    description: 'Calibrate alerts: verify the interactions, apply the calibration once, and follow it to its end',
    load: async () => (await import('../calibration/command.ts')).calibrateCommand(),
  },
  webhook: {
    description: 'Register webhooks for the platform’s events; list and remove them',
    load: async () => (await import('../webhooks/command.ts')).webhookCommand(),
  },
  alerts: {
    description: 'List alerts of the platform',
    load: async () => (await import('../alerts/list-command.ts')).alertsCommand(),
  },
  precision: {
    description: 'Show how many alerts were right; confirm or refute alerts; propose thresholds',
    load: async () => (await import('../alerts/precision-command.ts')).precisionCommand(),
  },
  'audit-trail': {
    description: 'Export the platform’s audit trail of calibrations',
    load: async () => (await import('../audit-trail/command.ts')).auditTrailCommand(),
  },
  schedule: {
    description: 'Manage recurring runs',
    load: async () => (await import('./schedule.ts')).scheduleCommand(),
  },
  requests: {
    description: 'List, show, watch and cancel requests',
    load: async () => (await import('../requests/command.ts')).requestsCommand(),
  },
  jobs: {
    description: 'Show, retry and discard failed jobs',
    load: async () => (await import('./jobs.ts')).jobsCommand(),
  },
  retention: {
    description: 'Expired data (RETENTION_… settings)',
    load: async () => (await import('./retention.ts')).retentionCommand(),
  },
  audit: {
    description: 'Verify and read the log of changes and governed inferences; erase customer texts',
    load: async () => (await import('./audit.ts')).auditCommand(),
  },
  tenant: {
    description: 'Show whose data this installation works on, and continue after a move',
    load: async () => (await import('./tenant.ts')).tenantCommand(),
  },
  doctor: {
    description: 'Check Redis, storage, model, credentials and clocks; exits 1 if a check fails',
    load: async () => (await import('./doctor.ts')).doctorCommand(),
  },
};
