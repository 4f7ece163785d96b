/** Results go to stdout, everything else to stderr. */
export function say(line: string): void {
  process.stderr.write(`${harmless(line)}\n`);
}

export function print(line: string): void {
  process.stdout.write(`${harmless(line)}\n`);
}

/** Names and reasons may come from outside: control characters are replaced. */
function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '?');
}

/** A line that is rewritten in place on a terminal; elsewhere changes are printed at most every 5 s. */
export interface ProgressLine {
  show(line: string): void;
  end(): void;
}

const sayEveryMs = 5_000;

export function progressLine(): ProgressLine {
  const isTerminal = process.stderr.isTTY === true;
  let last = '';
  let saidAt = 0;
  return {
    show(line) {
      if (line === last) return;
      if (isTerminal) process.stderr.write(`\r\u001b[2K${harmless(line)}`);
      else if (Date.now() - saidAt >= sayEveryMs) {
        say(line);
        saidAt = Date.now();
      }
      last = line;
    },
    end() {
      if (isTerminal && last !== '') process.stderr.write('\r\u001b[2K');
    },
  };
}

/** Names and values in two columns. */
export function table(rows: readonly (readonly [string, string | number])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(
      ([name, value]) =>
        `  ${name.padEnd(width)}  ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`,
    )
    .join('\n');
}

/** Rows under a header, each column as wide as its longest cell; numbers are right-aligned. */
export function grid(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [
    header,
    ...rows.map(row => row.map(cell => (typeof cell === 'number' ? cell.toLocaleString('en-US') : cell))),
  ];
  const widths = header.map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)));
  const isNumber = header.map((_, column) => rows.every(row => typeof row[column] === 'number'));
  return cells
    .map(row =>
      row
        .map((cell, column) =>
          isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
