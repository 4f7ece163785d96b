import { expect, it } from 'vitest';
import { calibrationAnswer, calibrationJob, endOf } from '../../../src/domain/sentiment/calibration-job.ts';

it('a calibration job has ended as completed or failed, and runs with any other status', () => {
  expect(endOf('completed')).toBe('completed');
  expect(endOf('failed')).toBe('failed');
  for (const status of ['running', 'queued', 'COMPLETED', '', undefined]) expect(endOf(status)).toBeNull();
});

it('the answers of the platform are read with what may be missing', () => {
  expect(calibrationAnswer.parse({ jobId: 'job-1', extra: 1 })).toEqual({ jobId: 'job-1' });
  expect(calibrationAnswer.parse({ jobId: 'job-1', status: 'running' }).status).toBe('running');
  expect(calibrationAnswer.safeParse({ status: 'completed' }).success).toBe(false);
  expect(calibrationJob.parse({ status: 'failed', error: { code: 7 } })).toEqual({
    status: 'failed',
    error: { code: 7 },
  });
  expect(calibrationJob.parse({ jobId: 'job-1', status: 'running' })).toEqual({ jobId: 'job-1', status: 'running' });
});
