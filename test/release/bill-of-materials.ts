import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../cli/package-root.ts';

interface Component {
  name: string;
  version: string;
  'bom-ref': string;
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
  const service = billOf(PACKAGE_ROOT);
  const web = billOf(join(PACKAGE_ROOT, 'web'));
  const known = new Set(service.components.map((one) => one['bom-ref']));
  const added = web.components
    .filter((one) => !known.has(one['bom-ref']))
    .map((one) => ({ ...one, properties: [...(one.properties ?? []), { name: 'mohr:part', value: 'web' }] }));
  const isKnown = new Set([...known, service.metadata.component['bom-ref']]);
  // Random, and the time of the run: two bills of one release are to be equal.
  delete service.serialNumber;
  service.metadata.timestamp = new Date(epochSeconds * 1000).toISOString();
  return {
    ...service,
    components: [...service.components, ...added],
    dependencies: [...service.dependencies, ...web.dependencies.filter(({ ref }) => !isKnown.has(ref))],
  };
}

function billOf(cwd: string): BillOfMaterials {
  const flags = [
    '--sbom-format',
    'cyclonedx',
    '--omit',
    'dev',
    '--package-lock-only',
    '--sbom-type',
    'application',
  ];
  const text = execFileSync('npm', ['sbom', ...flags], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(text) as BillOfMaterials;
}
