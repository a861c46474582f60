import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../cli/package-root.ts';

/** A library that runs in production: in the service, or in what the browser gets. */
export interface ProductionPackage {
  name: string;
  version: string;
  licence: string;
  part: 'service' | 'web';
}

/** Where the licence is in a file of the package and not in its description; looked up by hand. */
const LICENCES_OF: Readonly<Record<string, string>> = { 'png-js@2.0.0': 'MIT' };

/** What npm installs without development packages, and what the web's bundle is made of; by the lock files. */
export function productionPackages(): ProductionPackage[] {
  return [...packagesOf('service', PACKAGE_ROOT), ...packagesOf('web', join(PACKAGE_ROOT, 'web'))];
}

function packagesOf(part: ProductionPackage['part'], folder: string): ProductionPackage[] {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; license?: string; dev?: boolean; devOptional?: boolean }>;
  };
  const found = new Map<string, ProductionPackage>();
  for (const [path, { version, license, dev }] of Object.entries(packages)) {
    if (path === '' || dev) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = license ?? LICENCES_OF[`${name}@${version}`] ?? 'unknown';
    found.set(`${name}@${version}`, { name, version, licence, part });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/**
 * Licences under which a library may be passed on with ours (Apache-2.0), in one package, without its terms reaching our code. Of a
 * choice (OR), one of these is taken.
 */
const ALLOWED_LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  // Fonts.
  'OFL-1.1',
  'Unlicense',
] as const;

/** Whether one of a licence expression's choices is allowed; AND needs all of them. */
export function isAllowed(expression: string): boolean {
  const choices = expression.replace(/^\(|\)$/g, '').split(/ OR /i);
  return choices.some((choice) =>
    choice.split(/ AND /i).every((one) => (ALLOWED_LICENCES as readonly string[]).includes(one.trim())),
  );
}

export const LICENCES_FILE = join(PACKAGE_ROOT, 'docs', 'LICENCES.md');

/** The list for people: whose work this rests on, and under which terms. */
export function licencesDocument(): string {
  const part = (wanted: ProductionPackage['part']) =>
    productionPackages()
      .filter((one) => one.part === wanted)
      .map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`)
      .join('\n');
  return `# Licences

Mohr is licensed under Apache-2.0. What runs with it, by the lock files; \`npm run docs\` writes this page and
\`test/docs/licences.test.ts\` refuses a licence that is unknown or reaches our own code. A bill of materials for machines is
made by \`npm run sbom\` ([RELEASING.md](RELEASING.md)).

## In the service

| package | version | licence |
| --- | --- | --- |
${part('service')}

## In the pages that browsers load

| package | version | licence |
| --- | --- | --- |
${part('web')}
`;
}

/** Packages that are installed here and whose description says another licence than the lock file. */
export function differingLicences(): string[] {
  return productionPackages().flatMap(({ name, version, licence, part }) => {
    const path = join(PACKAGE_ROOT, part === 'web' ? 'web' : '', 'node_modules', name, 'package.json');
    if (!existsSync(path)) return [];
    const said = JSON.parse(readFileSync(path, 'utf8')) as { version: string; license?: string };
    const isOther = said.version === version && said.license !== undefined && said.license !== licence;
    return isOther ? [`${name}: ${said.license}`] : [];
  });
}
