import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { PACKAGE_ROOT, VERSION } from '../../cli/package-root.ts';
import { productionPackages } from '../support/production-packages.ts';
import type { ProductionPackage } from '../support/production-packages.ts';

interface Component {
  name: string;
  version: string;
  'bom-ref': string;
  purl?: string;
  properties?: { name: string; value: string }[];
}

export interface BillOfMaterials {
  bomFormat: string;
  specVersion: string;
  serialNumber?: string;
  metadata: { timestamp: string; component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** CycloneDX of the service with what the browser gets, by npm from the lock files; the same for the same lock files. */
export function billOfMaterials({ epochSeconds }: { epochSeconds: number }): BillOfMaterials {
  const bill = billOf(PACKAGE_ROOT, 'service');
  const web = billOf(join(PACKAGE_ROOT, 'web'), 'web');
  const known = new Set(bill.components.map((one) => one['bom-ref']));
  const added = web.components
    .filter((one) => !known.has(one['bom-ref']))
    .map((one) => ({ ...one, properties: [...(one.properties ?? []), { name: 'mohr:part', value: 'web' }] }));
  const ours = new Set(added.map((one) => one['bom-ref']));
  // Random, and the time of the run: two bills of one release are to be equal.
  delete bill.serialNumber;
  bill.metadata.timestamp = new Date(epochSeconds * 1000).toISOString();
  // npm names it after its folder.
  bill.metadata.component = {
    ...bill.metadata.component,
    name: 'mohr',
    version: VERSION,
    purl: `pkg:npm/mohr@${VERSION}`,
  };
  return {
    ...bill,
    components: [...bill.components, ...added],
    dependencies: [...bill.dependencies, ...web.dependencies.filter(({ ref }) => ours.has(ref))],
  };
}

/** npm's own, without what only developers install: of packages that both need, its `--omit dev` leaves out too many. */
function billOf(cwd: string, part: ProductionPackage['part']): BillOfMaterials {
  const flags = ['--sbom-format', 'cyclonedx', '--package-lock-only', '--sbom-type', 'application'];
  const text = execFileSync('npm', ['sbom', ...flags], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const bill = JSON.parse(text) as BillOfMaterials;
  const wanted = new Set(
    productionPackages().flatMap((one) => (one.part === part ? [`${one.name}@${one.version}`] : [])),
  );
  const components = bill.components.filter(({ name, version }) => wanted.has(`${name}@${version}`));
  const kept = new Set([...components, bill.metadata.component].map((one) => one['bom-ref']));
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
  return { ...bill, components, dependencies };
}
