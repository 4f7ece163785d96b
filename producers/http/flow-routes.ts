import { calibrations } from '../calibration/route.ts';
import { curations } from '../curation/route.ts';
import { extractions } from '../extraction/route.ts';
import { trainings } from '../training/route.ts';
import { tunings } from '../tuning/route.ts';
import type { FlowRoute } from './flow-route.ts';

/** The routes of the flows, in the order in which `/docs` shows them. */
export const flowRoutes: readonly FlowRoute[] = [curations, tunings, trainings, extractions, calibrations];
