import { isPushable } from '../domain/roc/pushable.ts';
import { flags, type IntentTuning, warnings } from '../domain/roc/result.ts';
import { count, counted } from './figures.ts';
import { type Content, type Html, html } from './html.ts';

/** The mark of an intent whose threshold is not pushed, and what it means. */
export const notPushed = 'not pushed';
export const notPushedMeaning =
  'its new threshold is not pushed; what was pushed for it before, if anything, is sent along unchanged';

/** Notes on an intent, as marks with an explaining title. */
export function noteMarks(intent: IntentTuning): readonly Html[] {
  return [
    ...(isPushable(intent) ? [] : [html`<abbr class="mark held" title="${notPushedMeaning}">${notPushed}</abbr> `]),
    ...intent.flags.map(flag => html`<abbr class="mark flag" title="${flags[flag]}">${flag}</abbr> `),
    ...intent.warnings.map(warning => html`<abbr class="mark warning" title="${warnings[warning]}">${warning}</abbr> `),
  ];
}

/** The meaning of each mark in the table, and how many intents have it. */
export function legend(intents: readonly IntentTuning[]): Content {
  const held = intents.filter(intent => !isPushable(intent)).length;
  const marks = [
    ...(held === 0 ? [] : [{ kind: 'held', name: notPushed, meaning: notPushedMeaning, of: held }]),
    ...occurring(intents.flatMap(intent => intent.flags)).map(({ name, of }) => ({
      kind: 'flag',
      name,
      meaning: isPushable({ flags: [name], threshold: 0 }) ? flags[name] : `${flags[name]}; not pushed`,
      of,
    })),
    ...occurring(intents.flatMap(intent => intent.warnings)).map(({ name, of }) => ({
      kind: 'warning',
      name,
      meaning: warnings[name],
      of,
    })),
  ];
  if (marks.length === 0) return null;
  return html`<section aria-labelledby="legend">
<h2 id="legend">What the marks mean</h2>
<dl class="legend">
${marks.map(
  ({
    kind,
    name,
    meaning,
    of,
  }) => html`<div><dt><span class="mark ${kind}">${name}</span> <span class="quiet" title="${counted(of, 'intent')}">× ${count(of)}</span></dt>
<dd>${meaning}</dd></div>
`,
)}</dl>
<p class="quiet">A flag says why a threshold is not what was requested; a warning, which problem no threshold can fix.</p>
</section>
`;
}

/** Each name once with how often it is there, the most frequent first. */
function occurring<Name extends string>(names: readonly Name[]): { name: Name; of: number }[] {
  const counts = new Map<Name, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, of]) => ({ name, of })).sort((a, b) => b.of - a.of);
}
