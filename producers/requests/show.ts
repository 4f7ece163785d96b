import type { RequestLine, RequestOverview } from '../../jobs/flows/request-overview.ts';
import { grid } from '../cli/terminal.ts';

export function requestGrid(requests: readonly RequestLine[]): string {
  return grid(
    ['created', 'kind', 'state', 'subject', 'by', 'id'],
    requests.map(({ created, kind, state, code, subject, by, id }) => [
      time(created),
      kind,
      code === undefined ? state : `${state} (${code})`,
      cut(subject ?? '-'),
      cut(by ?? '-'),
      id,
    ]),
  );
}

export function describeOverview(overview: RequestOverview): string {
  const { id, kind, state, subject, by, created, started, finished, error } = overview;
  const facts: (readonly [string, string])[] = [
    ['request', id],
    ['kind', kind],
    ['state', state],
    ['subject', subject ?? '-'],
    ['requested by', by ?? '-'],
    ['created', time(created)],
    ['started', time(started)],
    ['finished', time(finished)],
  ];
  if (finished === null) facts.push(['progress', describeProgress(overview)]);
  if (error !== undefined) facts.push(['error', `${error.code}: ${error.message}`]);
  if (error?.remedy !== undefined) facts.push(['what to do', error.remedy]);
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return overview.result === undefined
    ? lines.join('\n')
    : [...lines, '  result', indented(overview.result)].join('\n');
}

/** The stage, the counts and the reason for waiting, in one line. */
export function describeProgress({ state, stage, progress, waitsFor }: RequestOverview): string {
  const counts = Object.entries(progress).flatMap(([name, value]) => {
    if (isShare(value)) return [`${value.done.toLocaleString('en-US')} of ${value.of.toLocaleString('en-US')} ${name}`];
    return typeof value === 'number' ? [`${name} ${value.toLocaleString('en-US')}`] : [];
  });
  return [stage ?? state, ...counts, ...(waitsFor === null ? [] : [`waiting for ${waitsFor}`])].join('; ');
}

function isShare(value: unknown): value is { readonly done: number; readonly of: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'done' in value &&
    'of' in value &&
    typeof value.done === 'number' &&
    typeof value.of === 'number'
  );
}

function indented(result: unknown): string {
  return JSON.stringify(result, null, 2).replace(/^/gm, '    ');
}

const longestCell = 40;

function cut(text: string): string {
  return text.length <= longestCell ? text : `${text.slice(0, longestCell - 1)}…`;
}

function time(iso: string | null): string {
  return iso === null ? '-' : `${iso.slice(0, 19).replace('T', ' ')}Z`;
}
