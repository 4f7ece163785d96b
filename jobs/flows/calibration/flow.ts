import { putCalibration } from '../../../src/platform/endpoints.ts';
import { calibrateSentiment, calibrationJobId } from '../../calibrate-sentiment/job.ts';
import { appliedVersion, placeInOrder } from '../../calibrate-sentiment/place.ts';
import { defineFlow, proveAccess } from '../flow.ts';
import { cancelCalibration } from './cancel.ts';
import { calibrationParameters, calibrationResultShape, calibrationSpec } from './request.ts';
import { calibrationOf, calibrationStatus, findCalibration } from './status.ts';

/** Calibrates alerts: each calibration is applied once, in the order in which they were requested. */
export const calibration = defineFlow({
  name: 'calibration',
  command: 'calibrate',
  noun: 'calibrations',
  queue: calibrateSentiment.name,
  prefix: 'calibration',
  queues: [calibrateSentiment.name],
  service: putCalibration.service,
  parameters: calibrationParameters,
  result: calibrationResultShape,
  scheduling: null,
  async check({ config, calibrations }, { rollbackTo }) {
    proveAccess(config, putCalibration);
    if (rollbackTo !== null) appliedVersion((await calibrations.read()).log, rollbackTo);
  },
  start: ({ tenant, token, by, parameters: { rollbackTo } }) =>
    calibrationSpec({ tenant, request: token, rollbackTo, by }),
  async reserve(resources, payload) {
    await placeInOrder(calibrateSentiment.payload.parse(payload), resources);
  },
  subjectOf: () => null,
  isKnown: async (resources, id) => (await findCalibration(resources, calibrationOf(id))).own !== null,
  status: async (resources, { id }) => await calibrationStatus(resources, calibrationOf(id)),
  cancel: cancelCalibration,
  async requestOf(_, { queue, payload }) {
    const parsed = calibrateSentiment.payload.safeParse(payload);
    return queue === calibrateSentiment.name && parsed.success ? calibrationJobId(parsed.data.request) : null;
  },
  report: null,
});
