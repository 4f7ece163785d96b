import { isOpen, lastApplied } from '../../domain/sentiment/calibration-log.ts';
import type { RetentionRule } from '../retention/rule.ts';
import { openSealing } from '../sealing/sealing.ts';
import { inputFolder, inputKey, openCalibrations } from './calibrations.ts';

/**
 * What requests for calibrations gave, texts of customers included: kept while the calibration is open, may be sent again,
 * or is the last one that was applied.
 */
export const calibrationInputRetention: RetentionRule = {
  kind: 'uploads',
  term: 'uploadsMs',
  async *expired(store, before) {
    const names = await store.list(inputFolder);
    if (names.length === 0) return;
    const { log } = await openCalibrations(store, openSealing(store)).read();
    const isNeeded = log.calibrations.filter(each => isOpen(each) || each.state === 'unknown');
    const kept = new Set([lastApplied(log), ...isNeeded].map(each => each?.interactions));
    for (const name of names) {
      const about = kept.has(inputKey(name)) ? null : await store.about(inputKey(name));
      if (about !== null && about.at < before) yield { keys: [inputKey(name)] };
    }
  },
};
