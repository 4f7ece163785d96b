import { type CalibrationEvent, calibrationEvent } from '../../domain/sentiment/calibration-event.ts';
import { type CalibrationLog, emptyLog, foldCalibrations } from '../../domain/sentiment/calibration-log.ts';
import { foldLog } from '../artifacts/folded-log.ts';
import { type LogFinding, type Numbered, openLog } from '../artifacts/log.ts';
import { damagedArtifact, parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { Sealing } from '../sealing/sealing.ts';
import { type CalibrationInput, calibrationInput } from './input.ts';
import { calibrationLogShape } from './log-shape.ts';

/**
 * The calibrations of one tenant: an append-only log of what happened to each, whose order is the order in which they are
 * sent; and what each request gave, sealed, because it holds texts of customers. Memory and checkpoints hold every
 * calibration with its body, about 2 kB each.
 */
export interface Calibrations {
  /** All calibrations and their states, and the length of their log. @throws MlopsError CALIBRATION_LOG_DAMAGED */
  read(): Promise<{ readonly log: CalibrationLog; readonly length: number }>;
  /** Appends `event` as entry `after` + 1; `null` if another writer was first: read again and decide again. */
  append(after: number, event: CalibrationEvent): Promise<Numbered<CalibrationEvent> | null>;
  verify(): Promise<LogFinding[]>;
  /** Keeps what a request gave. @returns what is kept: of two writers, the first one's */
  keepInput(request: string, input: CalibrationInput): Promise<CalibrationInput>;
  /** What a request gave, by `inputKey`; `null` where it is not kept, or no longer. @throws MlopsError ARTIFACT_DAMAGED */
  input(key: string): Promise<CalibrationInput | null>;
}

const folder = 'calibrations/log';
export const inputFolder = 'calibrations/inputs';
const purpose = 'calibration-input';

/** Where the store keeps what a request gave. */
export const inputKey = (request: string) => `${inputFolder}/${request}`;

export function openCalibrations(store: ArtifactStore, sealing: () => Promise<Sealing>): Calibrations {
  const log = openLog(store, folder, calibrationEvent, {
    code: 'CALIBRATION_LOG_DAMAGED',
    remedy: 'Nothing is sent until the entry is restored from a backup of the store',
  });
  const folded = foldLog(store, folder, log, {
    empty: () => emptyLog,
    add: (state: CalibrationLog, event) => foldCalibrations([event], state),
    shape: calibrationLogShape,
  });

  async function input(key: string): Promise<CalibrationInput | null> {
    const content = await store.readIfThere(key);
    if (content === null) return null;
    const text = (await sealing()).open(purpose, content.toString('utf8'));
    if (text === null) throw damagedArtifact(key);
    return parseArtifact(key, Buffer.from(text, 'utf8'), calibrationInput);
  }

  return {
    async read() {
      const { state, length } = await folded.read();
      return { log: state, length };
    },
    append: folded.append,
    verify: folded.verify,
    input,
    async keepInput(request, given) {
      const sealed = (await sealing()).seal(purpose, JSON.stringify(given));
      if (await store.create(inputKey(request), sealed)) return given;
      return (await input(inputKey(request))) ?? given;
    },
  };
}
