import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { freePort } from './free-port.ts';

/** A running temporary cluster: the URL of its `postgres` database as superuser, its first process, and how to end it. */
export type PostgresCluster = { url: string; processId: number; stop: () => Promise<void> };

const SERVER_HOME = '/usr/lib/postgresql';
const READY_ATTEMPTS = 2_400;
const READY_INTERVAL_MS = 50;

/** Settings that trade durability, which no test of a temporary cluster needs, for speed. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];

/**
 * Starts a cluster of the newest installed PostgreSQL in a temporary directory, on a free loopback port.
 * A guard process holds the server and removes the directory as soon as this process ends, however it ends.
 */
export async function startPostgresCluster(settings: string[] = SETTINGS): Promise<PostgresCluster> {
  const bin = newestServer();
  const owner = serverOwner();
  const home = mkdtempSync(join(tmpdir(), 'mohr-postgres-'));
  if (owner) chownSync(home, owner.uid, owner.gid);
  const password = randomBytes(16).toString('hex');
  try {
    initialise(bin, home, password, owner);
    const port = await freePort();
    const guard = guardServer(bin, home, [`port=${port}`, ...settings], owner);
    await untilReady(guard, home);
    return {
      url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
      processId: Number(readFileSync(join(home, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]),
      stop: () => stopGuard(guard),
    };
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

export function newestServer(): string {
  const versions = existsSync(SERVER_HOME)
    ? readdirSync(SERVER_HOME).filter((name) => /^\d+$/.test(name))
    : [];
  const homes = versions.sort((a, b) => Number(b) - Number(a)).map((name) => join(SERVER_HOME, name, 'bin'));
  const bin = homes.find((home) => existsSync(join(home, 'initdb')));
  if (bin === undefined)
    throw new Error(`no PostgreSQL server under ${SERVER_HOME}: apt-get install postgresql`);
  return bin;
}

export type Owner = { uid: number; gid: number };

// PostgreSQL refuses to run as root, so root lends it the uid that Debian's package made for it.
export function serverOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((row) => row.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('no user postgres in /etc/passwd');
  return { uid: Number(uid), gid: Number(gid) };
}

export function initialise(bin: string, home: string, password: string, owner: Owner | undefined): void {
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) chownSync(passwordFile, owner.uid, owner.gid);
  const args = [
    `--pgdata=${join(home, 'data')}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ];
  const { status, stderr } = spawnSync(join(bin, 'initdb'), args, { cwd: home, encoding: 'utf8', ...owner });
  if (status !== 0) throw new Error(`initdb exited ${status}: ${stderr}`);
}

// The shell reads its standard input, a pipe from this process, to the end: that end comes with an orderly
// stop, with Ctrl-C and with kill -9 alike. Detached, it is out of reach of the terminal's own signals.
const GUARD = `home=$1; shift; "$@" >"$home/log" 2>&1 </dev/null & server=$!
while kill -0 $server 2>/dev/null && read -r line; do :; done
kill -INT $server 2>/dev/null; wait $server; rm -rf "$home"`;

function guardServer(bin: string, home: string, settings: string[], owner: Owner | undefined): ChildProcess {
  const fixed = ['listen_addresses=127.0.0.1', `unix_socket_directories=${home}`];
  const flags = [...fixed, ...settings].flatMap((setting) => ['-c', setting]);
  const command = [join(bin, 'postgres'), '-D', join(home, 'data'), ...flags];
  return spawn('/bin/sh', ['-c', GUARD, 'guard', home, ...command], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    ...owner,
  });
}

async function untilReady(guard: ChildProcess, home: string): Promise<void> {
  const pidFile = join(home, 'data', 'postmaster.pid');
  for (let attempt = 0; attempt < READY_ATTEMPTS; attempt += 1) {
    // The eighth line of postmaster.pid is the server's own word on whether it takes connections.
    const state = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n')[7]?.trim() : undefined;
    if (state === 'ready') return;
    const log = existsSync(join(home, 'log')) ? readFileSync(join(home, 'log'), 'utf8') : '';
    if (log.includes('FATAL')) {
      await stopGuard(guard);
      throw new Error(`PostgreSQL did not start: ${log}`);
    }
    await delay(READY_INTERVAL_MS);
  }
  await stopGuard(guard);
  throw new Error(`PostgreSQL was not ready in ${(READY_ATTEMPTS * READY_INTERVAL_MS) / 1000} s`);
}

async function stopGuard(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  guard.ref();
  const ended = once(guard, 'exit');
  guard.stdin?.end();
  await ended;
}
