import type { Pool, PoolClient, QueryConfig } from 'pg';

const WRITES = /\b(?:insert into|update|delete from) (\w+)/gi;

/** By kill -9; the thread does nothing more, however long the signal takes. */
export function dieAtOnce(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Calls back right before each commit of a transaction that has written to one of some tables. */
export function watchCommits(pool: Pool, ofTheWork: RegExp, onCommit: () => void): void {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const watchedClients = new WeakSet<PoolClient>();
  const watched = (client: PoolClient): PoolClient => {
    if (watchedClients.has(client)) return client;
    watchedClients.add(client);
    const query = client.query.bind(client) as (statement: QueryConfig) => Promise<unknown>;
    let isOfTheWork = false;
    client.query = ((statement: QueryConfig) => {
      if (statement.text === 'begin') isOfTheWork = false;
      for (const [, table] of statement.text.matchAll(WRITES)) isOfTheWork ||= ofTheWork.test(table);
      if (statement.text === 'commit' && isOfTheWork) onCommit();
      return query(statement);
    }) as typeof client.query;
    return client;
  };
  pool.connect = (async () => watched(await connect())) as typeof pool.connect;
}
