import { curations } from '../curation/route.ts';
import { trainings } from '../training/route.ts';
import { tunings } from '../tuning/route.ts';
import type { Flow } from './flow.ts';

/** What upstream systems may ask for, in the order in which `/docs` shows it. */
export const flows: readonly Flow[] = [curations, tunings, trainings];
