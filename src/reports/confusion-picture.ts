import { type ColourScale, countScale, shareScale, steps } from './confusion-scale.ts';
import { count, counted } from './figures.ts';
import { type Content, type Html, html } from './html.ts';
import type { TrainingReport } from './training-input.ts';

type Evaluation = TrainingReport['evaluation'];

/**
 * The matrix as a picture that needs no script: blue is right, orange is mistaken, and the stronger the more. It is drawn
 * once for each way to look at it, and the style sheet shows the one that is chosen. The script lays it out for the
 * screen, zooms into it and names its cells.
 */
export function confusionPicture(evaluation: Evaluation): Content {
  const { labels, confusionMatrix, predictions } = evaluation;
  const views = viewsOf(evaluation);
  const { names, side, font, every } = layoutOf(labels.map(({ name }) => name));
  const whole = names + side;
  const size = labels.length;
  return html`<div class="picture">
<form class="filters" id="matrix-tools" aria-label="What the picture shows">
<fieldset><legend>Colour by</legend>
<label><input type="radio" name="colour" value="share" checked><span class="choice">Row share</span></label>
<label><input type="radio" name="colour" value="counts"><span class="choice">Counts</span></label></fieldset>
<label><input type="checkbox" name="hide"> Hide the diagonal</label>
<fieldset id="zoom" hidden><legend>Zoom</legend></fieldset>
</form>
<div class="read" id="read" aria-live="polite"><span class="quiet">${counted(
    predictions,
    'prediction',
  )}; rows are actual labels, columns are predicted ones.</span></div>
<div id="matrix-frame">
<svg id="picture" width="${whole}" height="${whole}" viewBox="0 0 ${whole} ${whole}" role="img" aria-label="Confusion matrix of ${counted(size, 'label')}: ${counted(mistakes(confusionMatrix), 'mistake')} in ${counted(predictions, 'prediction')}">
<text class="axis" x="${names - 6}" y="${names - 18}" text-anchor="end">predicted →</text>
<text class="axis" x="${names - 6}" y="${names - 5}" text-anchor="end">actual ↓</text>
<svg class="names" id="row-names" x="0" y="${names}" width="${names}" height="${side}">${labels.map(
    ({ name }, index) =>
      html`<text${index % every === 0 ? null : unseen} x="${names - 5}" y="${place(index, size, side)}" font-size="${font}">${name}</text>`,
  )}</svg>
<svg class="names" id="column-names" x="${names}" y="0" width="${side}" height="${names}">${labels.map(
    ({ name }, index) =>
      html`<text${index % every === 0 ? null : unseen} transform="translate(${place(index, size, side)} ${names - 5}) rotate(-90)" font-size="${font}">${name}</text>`,
  )}</svg>
<svg id="cells" x="${names}" y="${names}" width="${side}" height="${side}" viewBox="0 0 ${size} ${size}" preserveAspectRatio="none">
<rect class="ground" width="${size}" height="${size}"/>
${views.map(
  ({ kind, paths, strong }) => html`<g class="view ${kind}" data-strong="${strong}">${paths}</g>
`,
)}<path class="lines" d="${lines(size)}"/>
</svg>
<rect class="border" x="${names}" y="${names}" width="${side}" height="${side}"/>
</svg>
</div>
${views.map(({ kind, key }) => html`<div class="view ${kind}">${key}</div>`)}
</div>`;
}

const unseen = html` class="unseen"`;

const mistakes = (matrix: Evaluation['confusionMatrix']) =>
  matrix.reduce((sum, row, actual) => sum + row.reduce((all, each, at) => all + (at === actual ? 0 : each), 0), 0);

const smallestLine = 7.5;

/** In pixels: for the axes' names, for the cells, and of the letters. */
function layoutOf(names: readonly string[]) {
  const longest = Math.max(...names.map(name => [...name].length), 8);
  const side = Math.max(120, Math.min(640, names.length * 44));
  const cell = side / Math.max(names.length, 1);
  // If there is no room for every name, only every second or third is printed.
  const every = Math.max(1, Math.ceil(smallestLine / cell));
  const font = Math.round(Math.min(every === 1 ? 12 : 9, cell * every * 0.9) * 10) / 10;
  return { side, font, every, names: Math.round(Math.max(80, Math.min(longest * font * 0.56 + 10, 220))) };
}

const place = (index: number, size: number, side: number) => Math.round(((index + 0.5) * side * 10) / size) / 10;

const lines = (size: number) =>
  Array.from({ length: size - 1 }, (_, index) => `M0 ${index + 1}h${size}M${index + 1} 0v${size}`).join('');

interface View {
  /** The classes that the style sheet chooses by. */
  readonly kind: string;
  readonly paths: Content;
  /** A cell above this value differs so much from the page that what stands in it has the page's colour. */
  readonly strong: number;
  readonly key: Html;
}

function viewsOf({ labels, confusionMatrix }: Evaluation): View[] {
  const shares = confusionMatrix.map((row, index) => {
    const support = labels[index]?.support ?? 0;
    return row.map(each => (support === 0 ? 0 : each / support));
  });
  const highest = (values: readonly (readonly number[])[], isCounted: (row: number, column: number) => boolean) =>
    values.reduce(
      (most, row, at) => row.reduce((top, each, to) => (isCounted(at, to) ? Math.max(top, each) : top), most),
      0,
    );
  const anywhere = () => true;
  const beside = (row: number, column: number) => row !== column;
  // Where nothing is mistaken there is nothing to colour, and any scale will do.
  return [
    // Always up to 100 %, so that two trainings can be compared by the look of them.
    view('share all', shares, shareScale(1), true, percentage),
    view('share mistakes', shares, shareScale(highest(shares, beside) || 1), false, percentage),
    view('counts all', confusionMatrix, countScale(highest(confusionMatrix, anywhere) || 1), true, count),
    view('counts mistakes', confusionMatrix, countScale(highest(confusionMatrix, beside) || 1), false, count),
  ];
}

const firstStrong = 5;

const percentage = (share: number) => `${Number((share * 100).toPrecision(2))} %`;

function view(
  kind: string,
  values: readonly (readonly number[])[],
  scale: ColourScale,
  hasDiagonal: boolean,
  format: (bound: number) => string,
): View {
  const drawn = new Map<string, string[]>();
  for (const [row, cells] of values.entries()) {
    for (const [column, value] of cells.entries()) {
      const step = scale.stepOf(value);
      if (step === 0 || (row === column && !hasDiagonal)) continue;
      const colour = `${row === column ? 'right' : 'wrong'} s${step}`;
      const cell = `M${column} ${row}h1v1h-1z`;
      const others = drawn.get(colour);
      if (others === undefined) drawn.set(colour, [cell]);
      else others.push(cell);
    }
  }
  return {
    kind,
    paths: [...drawn].map(([colour, cells]) => html`<path class="${colour}" d="${cells.join('')}"/>`),
    strong: scale.bounds[scale.bounds.findIndex(bound => scale.stepOf(bound) >= firstStrong) - 1] ?? 0,
    key: scaleKey(scale, hasDiagonal, format),
  };
}

/** What the colours mean. */
function scaleKey({ bounds, stepOf }: ColourScale, hasDiagonal: boolean, format: (bound: number) => string): Html {
  const kinds = hasDiagonal ? (['right', 'wrong'] as const) : (['wrong'] as const);
  const words = { right: 'right', wrong: 'mistaken' } as const;
  const width = 44;
  return html`<svg class="ramp" width="${64 + steps * width}" height="${kinds.length * 14 + 18}" role="img" aria-label="Colours, up to ${bounds.map(format).join(', ')}">${kinds.map(
    (kind, line) =>
      html`<text x="0" y="${line * 14 + 10}">${words[kind]}</text>${bounds.map(
        (bound, index) =>
          html`<rect class="${kind} s${stepOf(bound)}" x="${64 + index * width}" y="${line * 14}" width="${width}" height="12"/>`,
      )}`,
  )}<text x="0" y="${kinds.length * 14 + 12}">up to</text>${bounds.map(
    (bound, index) =>
      html`<text x="${64 + (index + 1) * width}" y="${kinds.length * 14 + 12}" text-anchor="end">${format(bound)}</text>`,
  )}</svg>`;
}
