import type { House } from './house.ts';
import { importsOf, resolveImport, type Import } from './imports.ts';

/** Source text by path relative to the repository, with forward slashes. */
export type Sources = Map<string, string>;

/** A broken rule: a stable kind, and where and what in words. */
export type Breach = { kind: BreachKind; where: string; what: string };

export type BreachKind = 'folder' | 'direction' | 'types-only' | 'package' | 'builtin' | 'missing' | 'circle';

/** Every breach of the house's import rules in the given sources. */
export function checkArchitecture(house: House, sources: Sources): Breach[] {
  const breaches: Breach[] = [];
  const graph = new Map<string, string[]>();
  for (const [path, text] of sources) {
    const folder = folderOf(path);
    if (house.folders[folder] === undefined) {
      breaches.push({ kind: 'folder', where: path, what: `${folder}/ is not a folder of the house` });
      continue;
    }
    const imports = importsOf(path, text);
    for (const one of imports) {
      const breach = isRelative(one.specifier)
        ? checkOurs(house, sources, path, one)
        : checkExternal(house, folder, one);
      if (breach) breaches.push({ ...breach, where: `${path}:${one.line}` });
    }
    const ours = imports.filter((one) => isRelative(one.specifier));
    graph.set(
      path,
      ours.map((one) => resolveImport(path, one.specifier)),
    );
  }
  return [...breaches, ...findCircles(graph)];
}

type Finding = Omit<Breach, 'where'> | undefined;

function checkOurs(house: House, sources: Sources, path: string, one: Import): Finding {
  const target = resolveImport(path, one.specifier);
  if (target.endsWith('.ts') && !sources.has(target)) {
    return { kind: 'missing', what: `${target} does not exist` };
  }
  const from = folderOf(path);
  const to = folderOf(target);
  if (from === to || allows(house.folders[from] ?? [], target)) return undefined;
  if (allows(house.typesOnly[from] ?? [], target)) {
    return one.typeOnly
      ? undefined
      : { kind: 'types-only', what: `${from}/ may import ${target} only with \`import type\`` };
  }
  return { kind: 'direction', what: `${from}/ must not import ${target}` };
}

function allows(list: string[], target: string): boolean {
  return list.some(
    (entry) =>
      (entry === '*' && folderOf(target) !== 'test') ||
      target === `${entry}.ts` ||
      target.startsWith(`${entry}/`),
  );
}

function checkExternal(house: House, folder: string, one: Import): Finding {
  const { specifier } = one;
  if (specifier.startsWith('node:')) {
    const permitted = house.builtins[folder];
    return permitted === undefined || permitted.includes(specifier)
      ? undefined
      : { kind: 'builtin', what: `${folder}/ must not use ${specifier}` };
  }
  if (folder === 'test') return undefined;
  const owners = ownersOf(house, packageOf(specifier));
  return owners.includes(folder)
    ? undefined
    : { kind: 'package', what: `${specifier} belongs to ${owners.join(', ') || 'no folder'}, not ${folder}` };
}

function ownersOf(house: House, name: string): string[] {
  const scope = `${name.split('/')[0] ?? ''}/*`;
  return house.packages[name] ?? house.packages[scope] ?? [];
}

// Tarjan's strongly connected components: every component of more than one file is a circle.
function findCircles(graph: Map<string, string[]>): Breach[] {
  const order = new Map<string, { index: number; low: number }>();
  const stack: string[] = [];
  const breaches: Breach[] = [];
  const visit = (path: string): number => {
    const mark = { index: order.size, low: order.size };
    order.set(path, mark);
    stack.push(path);
    for (const next of graph.get(path) ?? []) {
      if (next === path) breaches.push({ kind: 'circle', where: path, what: 'imports itself' });
      if (!order.has(next)) mark.low = Math.min(mark.low, visit(next));
      else if (stack.includes(next)) mark.low = Math.min(mark.low, order.get(next)!.index);
    }
    if (mark.low === mark.index) {
      const circle = stack.splice(stack.indexOf(path));
      if (circle.length > 1)
        breaches.push({ kind: 'circle', where: path, what: circle.sort().join(' <-> ') });
    }
    return mark.low;
  };
  for (const path of graph.keys()) if (!order.has(path)) visit(path);
  return breaches;
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('./') || specifier.startsWith('../');
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
