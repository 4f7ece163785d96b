import { z } from 'zod';
import type { Section, Setting, SettingReader } from './setting.ts';

export interface SentimentSettings {
  /** Where the platform reports the state of a calibration job; `{jobId}` stands for the job. */
  readonly statusPath: string;
}

const usualPath = '/api/v1/agentassist/sentiment/calibration/jobs/{jobId}';

const statusPath: Setting<string> = {
  name: 'CALIBRATION_STATUS_PATH',
  description: 'Where the platform reports the state of a calibration job, which it does not document',
  example: usualPath,
  schema: z.string().regex(/^\/[^?#\s]*\{jobId\}[^?#\s]*$/, 'must be a path that begins with / and contains {jobId}'),
};

export function readSentiment(reader: SettingReader): SentimentSettings {
  return { statusPath: reader.read(statusPath) ?? usualPath };
}

export const sentimentSections: readonly Section[] = [
  { title: 'Sentiment', introduction: 'For the calibration of alerts.', settings: [statusPath] },
];
