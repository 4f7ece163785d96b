import { describe, expect, it } from 'vitest';
import { putNlpConfig } from '../../src/platform/endpoints.ts';
import type { ProgrammedFault } from '../../src/sandbox/kernel/faults.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { nlpToken, putConfig, tenant } from './tenant.ts';

const config = { defaultConfidenceThreshold: 0.5, intentThresholds: [] };

/** What the caller saw of a request that changes something. */
async function outcome(sandbox: Sandbox, token: string): Promise<string> {
  try {
    const answer = await putConfig(sandbox, token, config);
    await answer.text();
    return String(answer.status);
  } catch {
    return 'dropped';
  }
}

describe('a request that meets a fault', () => {
  const faults: [string, ProgrammedFault, string, number][] = [
    ['is dropped', { kind: 'drop' }, 'dropped', 0],
    ['is dropped before it has an effect', { kind: 'drop', moment: 'before' }, 'dropped', 0],
    ['is dropped after its effect', { kind: 'drop', moment: 'after' }, 'dropped', 1],
    ['is dropped in the middle of the answer', { kind: 'drop', moment: 'mid-answer' }, 'dropped', 1],
    ['fails', { kind: '5xx' }, '503', 0],
    ['fails after its effect', { kind: '5xx', status: 504, moment: 'after' }, '504', 1],
    ['is slow', { kind: 'slow', slowMs: 1 }, '200', 1],
    ['is refused', { kind: '429' }, '429', 0],
    ['gets a login page', { kind: 'not-json' }, '200', 0],
  ];
  it.each(faults)('%s', async (_case, fault, seen, applied) => {
    const sandbox = await tenant();
    const token = await nlpToken(sandbox);
    sandbox.failNext({ ...fault, match: putNlpConfig.path });
    expect(await outcome(sandbox, token)).toBe(seen);
    expect(sandbox.nlpConfigs).toHaveLength(applied);
    expect(await outcome(sandbox, token)).toBe('200');
    expect(sandbox.nlpConfigs).toHaveLength(applied + 1);
  });

  it('and is carried out must still be allowed to', async () => {
    const sandbox = await tenant();
    await nlpToken(sandbox);
    sandbox.failNext({ kind: 'drop', moment: 'after' });
    expect(await outcome(sandbox, 'invented')).toBe('dropped');
    expect(sandbox.nlpConfigs).toEqual([]);
  });
});

describe('seeded drops', () => {
  it('come before and after the effect', async () => {
    const sandbox = await tenant({ faults: { rate: 1, seed: 1, kinds: ['drop'] } });
    const token = await nlpToken(sandbox);
    const applied: boolean[] = [];
    for (let n = 0; n < 30; n++) {
      const before = sandbox.nlpConfigs.length;
      expect(await outcome(sandbox, token)).toBe('dropped');
      applied.push(sandbox.nlpConfigs.length > before);
    }
    expect(applied.filter(each => each).length).toBeGreaterThan(5);
    expect(applied.filter(each => !each).length).toBeGreaterThan(5);
  });
});
