import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import pg from 'pg';

import { freePort } from './free-port.ts';
import { initialise, newestServer, serverOwner } from './postgres-cluster.ts';
import type { Owner } from './postgres-cluster.ts';

/** What a server that is killed needs in order to keep what it acknowledged: the machine lives on, so no fsync. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=on',
  'max_connections=60',
  'wal_retrieve_retry_interval=200ms',
];

const READY_ATTEMPTS = 2_400;
const READY_MILLISECONDS = 50;

// Like the guard of `postgres-cluster.ts`: it ends the server and removes its files when this process ends, however it does.
// `start` where the server runs already does nothing, so it can be asked for until the port of a killed one is free.
const GUARD = `home=$1; shift; server=
while read -r line; do case $line in
  start) kill -0 $server 2>/dev/null || { "$@" >>"$home/log" 2>&1 </dev/null & server=$!; } ;;
  kill) kill -KILL $server; wait $server ;;
  freeze) kill -STOP $server $(cat /proc/$server/task/$server/children) ;;
  thaw) kill -CONT $(cat /proc/$server/task/$server/children) $server ;;
esac; done
kill -CONT $server 2>/dev/null; kill -INT $server 2>/dev/null; wait $server; rm -rf "$home"`;

/** A PostgreSQL that can be killed and started again, and a streaming replica of one. */
export class PostgresServer {
  /** Its `postgres` database, as superuser. */
  readonly url: string;
  readonly #guard: ChildProcess;

  private constructor(url: string, guard: ChildProcess) {
    this.url = url;
    this.#guard = guard;
  }

  /** A new, empty server; running. */
  static async create(
    t: { teardown(undo: () => Promise<void>): void },
    settings: readonly string[] = [],
  ): Promise<PostgresServer> {
    const password = randomBytes(16).toString('hex');
    return PostgresServer.#prepared(
      t,
      password,
      (bin, home, owner) => initialise(bin, home, password, owner),
      settings,
    );
  }

  /** Another server over a base backup of this one, recovered from archived WAL as the settings say; running. */
  async recover(
    t: { teardown(undo: () => Promise<void>): void },
    base: string,
    settings: readonly string[],
  ): Promise<PostgresServer> {
    return PostgresServer.#prepared(
      t,
      new URL(this.url).password,
      (_bin, home, owner) => {
        const data = join(home, 'data');
        const script = `cp -a "${base}" "${data}" && chmod 700 "${data}" && touch "${data}/recovery.signal"`;
        const copied = spawnSync('/bin/sh', ['-c', script], { cwd: home, encoding: 'utf8', ...owner });
        if (copied.status !== 0) throw new Error(`the base backup cannot be copied: ${copied.stderr}`);
      },
      settings,
    );
  }

  /** A hot standby that follows this one by streaming replication; running. */
  async createReplica(t: { teardown(undo: () => Promise<void>): void }): Promise<PostgresServer> {
    const { password } = new URL(this.url);
    return PostgresServer.#prepared(t, password, (bin, home, owner) => {
      const args = [
        '-d',
        this.url,
        '-D',
        join(home, 'data'),
        '-R',
        '-X',
        'stream',
        '-c',
        'fast',
        '--no-sync',
      ];
      const copied = spawnSync(join(bin, 'pg_basebackup'), args, { cwd: home, encoding: 'utf8', ...owner });
      if (copied.status !== 0) throw new Error(`pg_basebackup exited ${copied.status}: ${copied.stderr}`);
    });
  }

  static async #prepared(
    t: { teardown(undo: () => Promise<void>): void },
    password: string,
    prepare: (bin: string, home: string, owner: Owner | undefined) => void,
    settings: readonly string[] = [],
  ): Promise<PostgresServer> {
    const [bin, owner, port] = [newestServer(), serverOwner(), await freePort()];
    const home = mkdtempSync(join(tmpdir(), 'mohr-postgres-'));
    if (owner) chownSync(home, owner.uid, owner.gid);
    const own = ['listen_addresses=127.0.0.1', `unix_socket_directories=${home}`, `port=${port}`];
    const flags = [...own, ...SETTINGS, ...settings].flatMap((setting) => ['-c', setting]);
    const command = [join(bin, 'postgres'), '-D', join(home, 'data'), ...flags];
    const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', home, ...command], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      ...owner,
    });
    const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
    const server = new PostgresServer(url, guard);
    t.teardown(() => server.#stop());
    prepare(bin, home, owner);
    await server.start();
    return server;
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    for (let attempt = 0; attempt < READY_ATTEMPTS; attempt += 1) {
      this.#guard.stdin!.write('start\n');
      if (await this.#answers()) return;
      await delay(READY_MILLISECONDS);
    }
    throw new Error('PostgreSQL does not start');
  }

  /** As by `kill -9` of its first process; the others notice and end. */
  kill(): void {
    this.#guard.stdin!.write('kill\n');
  }

  /** All its processes stand still, as on a machine that swaps or a disk that hangs: connections stay, and nothing answers. */
  freeze(): void {
    this.#guard.stdin!.write('freeze\n');
  }

  thaw(): void {
    this.#guard.stdin!.write('thaw\n');
  }

  /** A primary that acknowledges no commit before its replica has it. */
  async waitForReplica(): Promise<void> {
    await this.#execute(`alter system set synchronous_standby_names = '*'`);
    await this.#execute('select pg_reload_conf()');
  }

  /** A replica that becomes the primary; resolves when it takes writes. */
  async promote(): Promise<void> {
    await this.#execute('select pg_promote(true)');
    // It is a copy, settings included, and has nobody to wait for.
    await this.#execute(`alter system reset synchronous_standby_names`);
    await this.#execute('select pg_reload_conf()');
  }

  async #execute(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async #stop(): Promise<void> {
    if (this.#guard.exitCode !== null) return;
    const ended = once(this.#guard, 'exit');
    this.#guard.stdin!.end();
    await ended;
  }
}
