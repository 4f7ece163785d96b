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
      return `\n## ${title}\n\n${introduction}\n\n${markdownTable(['variable', 'default', 'meaning'], rows)}`;
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

/** Lines of a comment, wrapped. */
function comment(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > width) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
