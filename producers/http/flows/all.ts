import type { Flow } from '../flow.ts';
import { curations } from './curations.ts';
import { trainings } from './trainings.ts';
import { tunings } from './tunings.ts';

/** What upstream systems may ask for, in the order in which `/docs` shows it. */
export const flows: readonly Flow[] = [curations, tunings, trainings];
