import { type Difference, distance } from '../domain/push/difference.ts';
import { counted, fixed, minute, signed } from './figures.ts';
import { type Content, type Html, html } from './html.ts';

/** Number of list items shown at first; the rest is folded. */
const unfolded = 10;

/** What a push would change: `address` gives the id of an intent's row on the page, where it has one. */
export function differenceSection(
  difference: Difference | null,
  address: (intentId: string) => string | null,
): Content {
  const heading = html`<h2 id="difference">What a push would change</h2>`;
  if (difference === null)
    return html`<section aria-labelledby="difference">${heading}
<p>There is nothing to push: no intent has a threshold that may be pushed.</p></section>
`;
  const { since, global, added, removed, changed, carried, unchanged } = difference;
  const named = (intentId: string, name: string): Html => {
    const label = html`<b>${name}</b> <code>${intentId}</code>`;
    const row = address(intentId);
    return html`<th scope="row" class="text">${row === null ? label : html`<a href="#${row}">${label}</a>`}</th>`;
  };
  // An intent without its own threshold uses the global one, so it moves from or to that.
  const moves = {
    changed: changed.map(each => ({ ...each, isBefore: true, isAfter: true })),
    added: added.map(each => ({ ...each, before: global.before, isBefore: false, isAfter: true })),
    removed: removed.map(each => ({ ...each, after: global.after, isBefore: true, isAfter: false })),
  };
  const widest = Math.max(0, ...Object.values(moves).flatMap(each => each.map(size)));
  const rows = (list: readonly Moved[]) =>
    [...list]
      .sort((a, b) => size(b) - size(a))
      .map(
        move => html`<tr>${named(move.intentId, move.name)}<td>${end(move.before, move.isBefore)}</td><td>${end(
          move.after,
          move.isAfter,
        )}</td>${change(move, widest)}</tr>
`,
      );
  const kept = carried.map(
    ({
      intentId,
      name,
      threshold,
      reason,
    }) => html`<tr>${named(intentId, name)}<td>${fixed(threshold)}</td><td class="text">${reason}</td></tr>
`,
  );
  const headings = ['Intent', 'Before', 'After', 'Change', ''];

  return html`<section aria-labelledby="difference">${heading}
<p>${
    since === null
      ? 'Nothing was ever pushed: every threshold is new to the platform.'
      : html`Against push ${since.version} of ${minute(since.at)}: ${counted(unchanged, 'new threshold equals', 'new thresholds equal')} the one before.`
  }</p>
<dl class="facts"><div><dt>Global threshold</dt><dd>${
    global.before === null
      ? html`${fixed(global.after)} <small>the first</small>`
      : html`${fixed(global.before)} → ${fixed(global.after)} <small>${signed(global.after - global.before)}</small>`
  }</dd></div></dl>
${list('Changed', 'the farthest first', headings, rows(moves.changed))}
${list('Added', 'they had the global threshold before', headings, rows(moves.added))}
${list('Removed', 'they fall back to the global threshold', headings, rows(moves.removed))}
${list('Carried', 'sent along as they were pushed before', ['Intent', 'Threshold', 'Why'], kept)}
</section>
`;
}

interface Moved {
  readonly intentId: string;
  readonly name: string;
  readonly before: number | null;
  readonly after: number;
  /** Whether that end is the intent's own, and not the global threshold. */
  readonly isBefore: boolean;
  readonly isAfter: boolean;
}

const size = ({ before, after }: Pick<Moved, 'before' | 'after'>) =>
  before === null ? 0 : distance({ before, after });

function end(threshold: number | null, isOwn: boolean): Content {
  if (threshold === null) return html`<span class="quiet">none</span>`;
  return isOwn ? fixed(threshold) : html`<span class="quiet" title="the global threshold">${fixed(threshold)}</span>`;
}

function list(title: string, about: string, headings: readonly string[], rows: readonly Html[]): Content {
  if (rows.length === 0) return null;
  const part = (some: readonly Html[]) =>
    html`<table class="difference"><thead><tr>${headings.map(columnHeading)}</tr></thead>
<tbody>
${some}</tbody></table>`;
  const rest = rows.slice(unfolded);
  return html`<p class="group"><b>${title}</b> ${counted(rows.length, 'intent')} <span class="quiet">${about}</span></p>
${part(rows.slice(0, unfolded))}
${rest.length === 0 ? null : html`<details><summary>${counted(rest.length, 'other')}</summary>${part(rest)}</details>`}
`;
}

function columnHeading(heading: string): Html {
  const kind = heading === 'Intent' || heading === 'Why' ? 'text' : heading === '' ? 'drawn' : 'figure';
  return html`<th scope="col" class="head ${kind}">${heading}</th>`;
}

/** A change as its number and as a bar from the middle, to the left where the threshold falls. */
function change({ before, after }: Moved, widest: number): Html {
  if (before === null) return html`<td class="quiet">–</td><td class="drawn"></td>`;
  const length = widest === 0 ? 0 : Math.round((distance({ before, after }) / widest) * 60);
  const from = after < before ? 60 - length : 60;
  return html`<td>${signed(after - before)}</td><td class="drawn"><svg class="bar" width="120" height="12" aria-hidden="true"><rect x="${from}" y="2" width="${length}" height="8"/><path d="M60 0V12"/></svg></td>`;
}
