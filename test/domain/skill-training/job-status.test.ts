import { describe, expect, it } from 'vitest';
import { computeUnitsOf, jobStatus, outcomeOf, reasonOf } from '../../../src/domain/skill-training/job-status.ts';

const status = (fields: object) => jobStatus.parse({ jobId: 'j', status: 'RUNNING', progress: 10, ...fields });

describe('a job’s status', () => {
  it('is final for three values, and running for any other', () => {
    const outcomes = ['COMPLETED', 'FAILED', 'CANCELLED', 'QUEUED', 'TRAINING', 'completed'].map(each =>
      outcomeOf(status({ status: each })),
    );
    expect(outcomes).toEqual(['completed', 'failed', 'cancelled', 'running', 'running', 'running']);
  });

  it('needs a job, a status and a progress', () => {
    for (const field of ['jobId', 'status', 'progress'])
      expect(jobStatus.safeParse({ jobId: 'j', status: 'RUNNING', progress: 1, [field]: null }).success).toBe(false);
  });

  it('says why it failed, wherever that stands, on one line', () => {
    expect(reasonOf(status({ failureReason: ' out of\n memory ' }))).toBe('out of memory');
    expect(reasonOf(status({ error: { message: 'diverged' } }))).toBe('diverged');
    expect(reasonOf(status({ failureReason: '', message: 'gone' }))).toBe('gone');
    expect(reasonOf(status({ error: 17, message: null }))).toBeNull();
    expect(reasonOf(status({ error: 'x'.repeat(1000) }))).toHaveLength(300);
  });

  it('tells compute units where the platform does', () => {
    expect(computeUnitsOf(status({ computeUnitsAllocated: 8, computeUnitsUsed: 2.5 }))).toEqual({
      allocated: 8,
      used: 2.5,
    });
    expect(computeUnitsOf(status({ computeUnitsUsed: 0 }))).toEqual({ allocated: null, used: 0 });
    expect(computeUnitsOf(status({ computeUnitsAllocated: null }))).toBeNull();
  });
});
