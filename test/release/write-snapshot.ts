import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';

import t from 'tap';

import { PACKAGE_ROOT, VERSION } from '../../cli/package-root.ts';
import { takeSnapshot } from './release-snapshot.ts';

// `npm run release:snapshot`: puts a small deployment of this version away, from which the next one is upgraded
// (test/deployment/upgrade.test.ts). Run once for a release, after its last migration.
t.test('a snapshot of this version', async (t) => {
  const name = process.env['MOHR_SNAPSHOT_NAME'] ?? VERSION;
  const path = join(PACKAGE_ROOT, 'test', 'release', 'snapshots', `${name}.json.gz`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(JSON.stringify(await takeSnapshot(t))));
  t.pass(path);
});
