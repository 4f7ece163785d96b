import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { queueNames, registry } from '../jobs/registry.ts';

const root = resolve(import.meta.dirname, '..');

function filesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(file => join(folder, file))
    .filter(file => file.endsWith('.ts'))
    .sort();
}

interface Import {
  readonly from: string;
  /** A file of ours, relative to the root, or a package. */
  readonly to: string;
  /** Erased by the compiler: types only. */
  readonly isType: boolean;
  /** `import(…)`, evaluated when it is reached. */
  readonly isLazy: boolean;
}

const text = (file: string) => readFileSync(join(root, file), 'utf8');

function importsOf(file: string): Import[] {
  const code = text(file);
  const target = (specifier: string) =>
    specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : specifier;
  const statements = [...code.matchAll(/^(import|export)\s+(type\s+)?([^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)].map(
    ([, , type, clause = '', specifier = '']): Import => {
      const names = /^\{([^}]*)\}\s*from\s+$/s
        .exec(clause)?.[1]
        ?.split(',')
        .map(name => name.trim())
        .filter(name => name !== '');
      const isType =
        type !== undefined ||
        (names !== undefined && names.length > 0 && names.every(name => name.startsWith('type ')));
      return { from: file, to: target(specifier), isType, isLazy: false };
    },
  );
  const lazy = [...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map(
    ([, specifier = '']): Import => ({ from: file, to: target(specifier), isType: false, isLazy: true }),
  );
  return [...statements, ...lazy];
}

const files = ['src', 'jobs', 'producers'].flatMap(filesIn);
const imports = files.flatMap(importsOf);
const show = ({ from, to }: Import) => `${from} → ${to}`;
const isIn = (file: string, ...folders: string[]) => folders.some(folder => file.startsWith(`${folder}/`));
const isHandler = (file: string) => isIn(file, 'jobs') && basename(file) === 'handler.ts';
const isPackage = ({ to }: Import) => !isIn(to, 'src', 'jobs', 'producers', 'bench', 'test');

describe('the reading of imports', () => {
  it('finds files that exist, of every folder', () => {
    expect(imports.filter(each => !isPackage(each) && !existsSync(join(root, each.to))).map(show)).toEqual([]);
    for (const folder of ['src/domain', 'src/store', 'src/runtime', 'jobs', 'producers'])
      expect(imports.filter(each => isIn(each.from, folder)).length, folder).toBeGreaterThan(5);
    expect(imports.filter(each => each.isLazy).length).toBeGreaterThan(0);
    expect(imports.filter(each => each.isType).length).toBeGreaterThan(0);
  });

  it('misses no import', () => {
    for (const file of files) {
      const written = text(file)
        .split('\n')
        .filter(line => /^import\b/.test(line) && !line.startsWith('import.')).length;
      const read = importsOf(file).filter(each => !each.isLazy).length;
      expect(read, file).toBeGreaterThanOrEqual(written);
    }
  });
});

describe('the domain', () => {
  const own = imports.filter(each => isIn(each.from, 'src/domain'));

  it('imports nothing of ours but the domain, and the codes of errors', () => {
    const others = own.filter(each => !isPackage(each) && !isIn(each.to, 'src/domain') && each.to !== 'src/errors.ts');
    expect(others.map(show)).toEqual([]);
    const ofErrors = [...importsOf('src/errors.ts'), ...imports.filter(each => isIn(each.from, 'src/errors'))];
    expect(ofErrors.filter(each => !isIn(each.to, 'src/errors')).map(show)).toEqual([]);
  });

  it('uses packages that compute only, and nothing of Node', () => {
    const ofEntities = ['chrono-node', 'libphonenumber-js/max'];
    for (const each of own.filter(isPackage)) {
      const allowed = ['zod', 'mathjs', 'mathjs/number', ...(isIn(each.from, 'src/domain/entity') ? ofEntities : [])];
      expect(allowed, show(each)).toContain(each.to);
    }
  });

  it('looks at no clock and rolls no dice', () => {
    for (const file of filesIn('src/domain'))
      expect(text(file), file).not.toMatch(/Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|process\./);
  });
});

describe('producers', () => {
  it('never import a handler', () => {
    const handlers = imports.filter(each => isIn(each.from, 'producers') && isHandler(each.to));
    expect(handlers.map(show)).toEqual([]);
  });

  it('load none on the way either, until a worker asks for it', () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const each of importsOf(file)) if (!isPackage(each) && !each.isType && !each.isLazy) visit(each.to);
    };
    filesIn('producers').forEach(visit);
    expect([...seen].filter(isHandler)).toEqual([]);
    expect(seen).toContain('jobs/registry.ts');
  });
});

describe('the queue library', () => {
  it('is imported by the runtime alone, Bull Board’s adapter aside', () => {
    const isQueueLibrary = ({ to }: Import) => to === 'bullmq' || to.startsWith('bullmq/');
    const outside = imports.filter(each => isQueueLibrary(each) && !isIn(each.from, 'src/runtime', 'src/operators'));
    expect(outside.map(show)).toEqual([]);
    const board = imports.filter(each => each.to.startsWith('@bull-board/') && !isIn(each.from, 'src/operators'));
    expect(board.map(show)).toEqual([]);
  });
});

describe('BullMQ’s queues', () => {
  it('are handed out by the runtime to the board’s adapter alone', () => {
    const touching = files.filter(
      file => !isIn(file, 'src/runtime') && /\bbullQueue\b|queues\s*\.queue\(/.test(text(file)),
    );
    expect(touching).toEqual(['src/operators/board.ts']);
  });
});

describe('jobs', () => {
  it('import neither the app nor what operators and callers see: those build on jobs', () => {
    const upward = imports.filter(
      each => isIn(each.from, 'jobs') && isIn(each.to, 'src/app', 'src/operators', 'producers'),
    );
    expect(upward.map(show)).toEqual([]);
  });

  const folders = readdirSync(join(root, 'jobs'), { withFileTypes: true })
    .filter(each => each.isDirectory() && each.name !== 'flows')
    .map(each => each.name);

  it('are the folders, the queues and the registry’s lines', () => {
    expect([...queueNames].sort()).toEqual(folders.sort());
    const definitions = importsOf('jobs/registry.ts')
      .filter(each => isIn(each.to, 'jobs') && basename(each.to) === 'job.ts')
      .map(each => each.to);
    expect(definitions.sort()).toEqual(folders.map(name => `jobs/${name}/job.ts`));
  });

  it.each(registry.map(definition => [definition.name, definition] as const))(
    '%s is handled by its own folder’s handler',
    async (name, definition) => {
      expect((await definition.handler()).handler.queue).toBe(name);
    },
  );

  it('never import another’s handler', () => {
    const crossing = imports.filter(
      each => isIn(each.from, 'jobs') && isHandler(each.to) && dirname(each.from) !== dirname(each.to),
    );
    expect(crossing.map(show)).toEqual([]);
  });

  it.each(queueNames)('%s opens with what it reads, writes and emits, and why it is idempotent', name => {
    const header = /^\/\*\*\n([\s\S]*?)\*\//.exec(text(`jobs/${name}/job.ts`))?.[1] ?? '';
    expect(header.startsWith(` * ${name}: `)).toBe(true);
    const parts = ['Reads: ', 'Writes: ', 'Emits: ', 'Idempotent because: '].map(part => header.indexOf(` * ${part}`));
    expect(parts.every((at, index) => at > (parts[index - 1] ?? 0))).toBe(true);
  });
});

/** Whether an object or array literal is spread as it is, rather than the result of a call on it. */
function spreadsLiteral(code: string): boolean {
  if (code.includes('...{')) return true;
  return [...code.matchAll(/(?<!\()\.\.\.\[/g)].some(({ index }) => {
    let depth = 0;
    for (let at = index + 3; at < code.length; at++) {
      if (code[at] === '[') depth += 1;
      if (code[at] === ']') depth -= 1;
      if (depth === 0) return code[at + 1] !== '.' && code[at + 1] !== '[';
    }
    return true;
  });
}

describe('files', () => {
  it('have names that say what they are about', () => {
    const vague = /^(utils?|common|helpers?|types|services?|managers?|shared|misc)$/;
    const all = [...files, ...filesIn('test'), ...filesIn('bench')];
    const named = all.flatMap(file =>
      file
        .replace(/(\.test)?\.ts$/, '')
        .split('/')
        .map(part => [part, file] as const),
    );
    const found = named.filter(([part]) => vague.test(part));
    expect(found.map(([, file]) => file)).toEqual([]);
  });

  it('spread no literals, where the compiler would not check for excess properties', () => {
    const code = [...files, ...filesIn('test'), ...filesIn('bench')].filter(
      file => file !== 'test/architecture.test.ts',
    );
    const found = code.filter(file => spreadsLiteral(text(file)));
    expect(found).toEqual([]);
    expect(spreadsLiteral('const a = { ...{ b, c: 1 } };')).toBe(true);
    expect(spreadsLiteral("const a = [...['b', 'c']];")).toBe(true);
    expect(spreadsLiteral("const a = [...['b', 'c'].map(upper), ...(b ? [c] : [])];")).toBe(false);
  });

  it('have 350 lines at the most', () => {
    const long = files.filter(file => text(file).split('\n').length > 351);
    expect(long).toEqual([]);
  });
});

describe('imports', () => {
  function cycles(edges: readonly Import[]): string[] {
    const next = new Map(files.map(file => [file, edges.filter(each => each.from === file).map(each => each.to)]));
    const found: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      const at = path.indexOf(file);
      if (at >= 0) found.push([...path.slice(at), file].join(' → '));
      if (at >= 0 || done.has(file)) return;
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    return found;
  }

  it('have no cycle, those of types included', () => {
    expect(cycles(imports.filter(each => !isPackage(each) && !each.isLazy))).toEqual([]);
  });
});
