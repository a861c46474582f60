import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of this test alone, gone after it. */
export function temporaryFolder(t: { teardown(undo: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'mohr-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
