import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { openStored } from '../../src/app/stored.ts';
import { defaultTarget, recommendThresholds, withRecommendations } from '../../src/domain/sentiment/recommendation.ts';
import { privateFile } from '../../src/store/artifacts/private.ts';
import { replaceFile } from '../../src/store/output-file.ts';
import { config } from '../cli/environment.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { print, say } from '../cli/terminal.ts';
import { readBase } from './base-calibration.ts';
import { describeRecommendations } from './show-recommendations.ts';

interface Flags {
  readonly target: number;
  readonly base?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function recommendCommand(): Command {
  return new Command('recommend')
    .description('Propose thresholds that make alerts as precise as the target, for calibrate --file')
    .option('--target <share>', 'Precision that the lower 95 % bound must reach', target, defaultTarget)
    .option('--base <file>', 'Calibration whose thresholds are in force (default: the last applied one)')
    .option('--out <file>', 'Write the calibration with the proposed thresholds to this file')
    .option('--json', 'Print the result as JSON')
    .action(async (flags: Flags) => await recommend(flags));
}

async function recommend({ target: share, base, out, json }: Flags): Promise<void> {
  const { alerts, calibrations } = openStored(config());
  const calibration = await readBase(calibrations, base);
  const recommendations = recommendThresholds(calibration.alert_triggers, await alerts.scores(), share);
  const proposed = withRecommendations(calibration, recommendations);
  if (out !== undefined)
    await replaceFile(out, file => writeFile(file, `${JSON.stringify(proposed, null, 2)}\n`, { mode: privateFile }));
  if (json === true)
    return printJson({ target: share, recommendations, triggers: proposed.alert_triggers, out: out ?? null });
  print(describeRecommendations(recommendations, share));
  if (out !== undefined) say(`calibration with the proposed thresholds → ${out}`);
}

function target(text: string): number {
  const value = option.number(text);
  if (value <= 0 || value >= 1) throw new InvalidArgumentError('It must be above 0 and below 1.');
  return value;
}
