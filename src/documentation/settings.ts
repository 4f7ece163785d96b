import { registry } from '../../jobs/registry.ts';
import { settingSections } from '../config/config.ts';
import type { AnySetting } from '../config/setting.ts';
import { markdownTable } from './generated-text.ts';

const width = 120;

/** The tables of docs/configuration.md. */
export function settingTables(): string {
  return settingSections(registry)
    .map(({ title, introduction, settings }) => {
      const rows = settings.map(setting => [`\`${setting.name}\``, defaultOf(setting), setting.description]);
      return `\n## ${title}\n\n${wrapped(introduction, '').join('\n')}\n\n${markdownTable(['variable', 'default', 'meaning'], rows)}`;
    })
    .join('');
}

function defaultOf({ example, unset }: AnySetting): string {
  return unset ?? (example === null ? '' : `\`${example}\``);
}

/** `.env.example`: every setting with its default, commented out. */
export function envExample(): string {
  const sections = settingSections(registry).map(({ title, introduction, settings }) => {
    const heading = `# --- ${title} `;
    return [
      heading.padEnd(width, '-'),
      ...comment(introduction),
      '',
      ...settings.flatMap(setting => [...comment(describe(setting)), `#${setting.name}=${setting.example ?? ''}`]),
    ].join('\n');
  });
  const header = comment(
    'Every setting, with its default. Copy this file to .env: it is read from the working folder, and variables that the ' +
      'environment already sets win. All are optional. A wrong value stops the start with exit code 2 and names the variable.',
  );
  return `${[header.join('\n'), ...sections].join('\n\n')}\n`;
}

function describe({ description, unset }: AnySetting): string {
  const text = description.replaceAll('`', '');
  return unset === undefined ? `${text}.` : `${text}. Default: ${unset.replaceAll('`', '')}.`;
}

function comment(text: string): string[] {
  return wrapped(text, '# ');
}

/** The lines of a text, each behind `prefix`. */
function wrapped(text: string, prefix: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? `${prefix}${word}` : `${line} ${word}`;
    if (longer.length > width && line !== '') {
      lines.push(line);
      line = `${prefix}${word}`;
    } else line = longer;
  }
  return [...lines, line];
}
