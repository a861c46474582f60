import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { Test } from 'tap';

import { VERSION } from '../../cli/package-root.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { migrate } from '../../db/migrate.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { copyPreparedKeys, postgresTemplate } from '../support/prepared-starts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

/** What a small deployment of some version was, when it was put away. */
export interface ReleaseSnapshot {
  version: string;
  /** The database as pg_dump wrote it, compressed, base64. */
  dump: string;
  /** Files of the data directory, base64, by their path in it: keys of an evaluation that certify nobody. */
  files: Record<string, string>;
  /** Certificates of synthetic doctors and what OCSP has to say of them. */
  doctors: SnapshotDoctor[];
}

export interface SnapshotDoctor {
  certificate: string;
  path: string;
  status: 'good' | 'held' | 'revoked';
  /** PKCS#8, base64: what the doctor renews with. Absent in the snapshots of before it was kept. */
  key?: string;
}

const STATUSES = ['good', 'held', 'revoked', 'good'] as const;

/** Makes a deployment with this version's code: four doctors, one on hold, one revoked. */
export async function takeSnapshot(t: Test): Promise<ReleaseSnapshot> {
  const { url } = await createTestDatabase(t, postgresTemplate('first-start'));
  const dataDirectory = temporaryFolder(t);
  copyPreparedKeys('postgres', dataDirectory);
  const opened = await openPostgres(url);
  await migrate(opened.pool, MIGRATIONS);
  const service = await openTestService({ opened, dataDirectory });
  const cookie = await service.cookieOf('ca-operator');
  const doctors: ReleaseSnapshot['doctors'] = [];
  for (const status of STATUSES) {
    const { certificate, path, signer } = await issueDoctor(service);
    const key = signer.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
    const verb = { good: undefined, held: 'hold', revoked: 'revoke' }[status];
    const payload = verb === 'revoke' ? { reason: 'keyCompromise' } : {};
    if (verb !== undefined) {
      const call = { method: 'POST' as const, url: `${path}/${verb}`, headers: { cookie } };
      const { statusCode } = await service.app.inject({ ...call, ...(verb === 'revoke' && { payload }) });
      if (statusCode !== 200) throw new Error(`${verb}: ${statusCode}`);
    }
    doctors.push({ certificate: certificate.bytes.toString('base64'), path, status, key });
  }
  await service.close();
  await opened.close();
  const files = Object.fromEntries(
    filesBelow(dataDirectory)
      .filter((path) => !path.includes('lock'))
      .map((path) => [relative(dataDirectory, path), readFileSync(path).toString('base64')]),
  );
  const sql = execFileSync('pg_dump', ['--no-owner', '--no-privileges', url], {
    maxBuffer: 256 * 1024 * 1024,
  });
  return { version: VERSION, dump: gzipSync(sql, { level: 9 }).toString('base64'), files, doctors };
}

/** Puts a snapshot into a database and a folder of this test. */
export async function restoreSnapshot(
  t: Test,
  { dump, files }: ReleaseSnapshot,
): Promise<{ url: string; dataDirectory: string }> {
  const { url } = await createTestDatabase(t);
  const input = gunzipSync(Buffer.from(dump, 'base64'));
  execFileSync('psql', ['--quiet', '--no-psqlrc', '-v', 'ON_ERROR_STOP=1', url], {
    input,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const dataDirectory = temporaryFolder(t);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dataDirectory, name)), { recursive: true, mode: 0o700 });
    writeFileSync(join(dataDirectory, name), Buffer.from(content, 'base64'), { mode: 0o600 });
  }
  return { url, dataDirectory };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}
