import { readFileSync } from 'node:fs';

/** A file beside this one that a page holds. */
export const readAsset = (name: string) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');

const imports = /^import \{([^}]*)\} from '\.\/([^']+)';$/gm;
const exported = /^export (?=(?:const|function|class) (\w+))/gm;

/**
 * A module of the browser, and those that it imports, as one script: a page that is a single file has nowhere to import
 * from. Each keeps its own scope. What is understood is how these modules are written: named imports, and exports where
 * a constant, a function or a class is declared.
 */
export function clientScript(entry: string): string {
  const parts = new Map<string, string>();
  const add = (name: string) => {
    if (parts.has(name)) return;
    parts.set(name, '');
    const code = readAsset(name);
    for (const [, , imported = ''] of code.matchAll(imports)) add(imported);
    // Insertion order is the order of evaluation: a module stands behind what it imports.
    parts.delete(name);
    parts.set(name, scoped(name, code));
  };
  add(entry);
  return `'use strict';\nconst modules = {};\n${[...parts.values()].join('')}`;
}

function scoped(name: string, code: string): string {
  const names = [...code.matchAll(exported)].map(([, each]) => each);
  const body = code.replace(imports, (_, list: string, from: string) => `const {${list}} = modules['${from}'];`);
  return `{\n${body.replace(exported, '')}modules['${name}'] = { ${names.join(', ')} };\n}\n`;
}
