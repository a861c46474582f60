import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { PACKAGE_ROOT } from './package-root.ts';

/** Where the built console lies: in the package, and in a working copy after `npm run build`; undefined before. */
export function consoleFolder(): string | undefined {
  const folder = join(PACKAGE_ROOT, 'web', 'dist');
  return existsSync(join(folder, 'index.html')) ? folder : undefined;
}
