import { describe, expect, it } from 'vitest';
import { curationSpec, curationSummary } from '../../jobs/flows/curation/request.ts';
import { changeBetween } from '../../src/domain/dataset/change.ts';
import { part, version } from '../domain/dataset/version.ts';

describe('curationSpec', () => {
  it('is one job for one request, and another for the next', () => {
    expect(curationSpec('ours', 'demo', {}, 'r1')).toMatchObject({
      queue: 'fetch-page',
      id: 'open.demo.r1',
      payload: { kind: 'open', tenant: 'ours', dataset: 'demo', request: 'r1', parameters: {} },
    });
    expect(curationSpec('ours', 'demo', {}).id).not.toBe(curationSpec('ours', 'demo', {}).id);
  });

  it('has an id that the queue takes', () => {
    expect(curationSpec('ours', 'demo', {}).id).toMatch(/^open\.demo\.[A-Za-z0-9_-]{1,64}$/);
  });

  it('refuses what is no dataset or no parameter', () => {
    expect(() => curationSpec('ours', '../demo', {})).toThrow(/letters, digits/);
    expect(() => curationSpec('ours', 'demo', { similarity: 2 })).toThrow(/similarity/);
    expect(() => curationSpec('ours', 'demo', JSON.parse('{"colour":"red"}'))).toThrow(/colour/);
  });
});

describe('curationSummary', () => {
  const made = changeBetween(null, version({ parts: [part(0, 3), part(3, 4)] }));

  it('is of the version that the run made', () => {
    expect(curationSummary('demo.00000001', 'demo', 2, made)).toMatchObject({
      runId: 'demo.00000001',
      dataset: 'demo',
      version: 2,
      watermark: made.watermark,
      rows: 7,
      kept: 0,
      erased: 0,
    });
  });

  it('is of no version that another run or a restore made', () => {
    expect(curationSummary('demo.00000002', 'demo', 2, made)).toBeNull();
    const restored = changeBetween(null, version({ made: { by: 'restore', version: 1 } }));
    expect(curationSummary('demo.00000001', 'demo', 2, restored)).toBeNull();
  });
});
