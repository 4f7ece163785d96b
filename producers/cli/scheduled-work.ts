import type { Flow } from '../../jobs/flows/flow.ts';
import { flowNamed, flows } from '../../jobs/flows/flows.ts';
import type { Config } from '../../src/config/config.ts';
import { type ScheduledWork, scheduledWork } from '../../src/domain/schedule/schedule.ts';
import { MlopsError } from '../../src/errors.ts';
import { scheduledCuration } from '../curation/scheduled.ts';

/** Parsers of a command line into its flow's parameters, by the flow's name. */
const readers: Readonly<Record<string, (words: readonly string[], settings: Config) => Promise<object>>> = {
  curation: scheduledCuration,
};

/**
 * The work that the words after `--` request, parsed and validated as by the command itself. Nothing is enqueued.
 * @throws CommanderError, MlopsError BAD_INPUT, and the errors of the command's own checks
 */
export async function scheduledWorkOf(words: readonly string[], settings: Config): Promise<ScheduledWork> {
  const [command = ''] = words;
  const flow = flows.find(each => each.command === command);
  const read = flow === undefined ? undefined : readers[flow.name];
  if (flow === undefined || read === undefined)
    throw new MlopsError('BAD_INPUT', refusal(command, flow), { where: 'COMMAND' });
  return scheduledWork.parse({ flow: flow.name, parameters: await read(words, settings) });
}

function refusal(command: string, flow: Flow | undefined): string {
  if (flow?.scheduling === null)
    return `${command} cannot be scheduled because it reads a file, which would be the same each time. Run ${command} when you have a new file`;
  return `${command === '' ? 'no command' : JSON.stringify(command)} cannot be scheduled. Use curate: \`schedule set NAME --every 15m -- curate --dataset support\``;
}

/** Scheduled work as it is printed: the command, the dataset that it brings up to date, and its other parameters. */
export interface ShownWork {
  readonly command: string;
  readonly dataset: string | null;
  readonly parameters: ScheduledWork['parameters'];
}

export function shownWork({ flow: name, parameters: all }: ScheduledWork): ShownWork {
  const { command, scheduling } = flowNamed(name);
  const { dataset: _, ...parameters } = all;
  return { command, dataset: scheduling?.dataset(all) ?? null, parameters };
}
