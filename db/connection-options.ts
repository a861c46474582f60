import type { ClientConfig } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import pgpass from 'pgpass';

/**
 * Where and as whom to connect. A password that the URL has not is looked up in the file of `PGPASSFILE`, or in `~/.pgpass`, at
 * each connection: one that was changed there counts from the next one on.
 */
export function connectionOptions(url: string): ClientConfig {
  const options = parseIntoClientConfig(url);
  return options.password ? options : { ...options, password: () => filedPassword(options) };
}

function filedPassword({ host, port, database, user }: ClientConfig): Promise<string> {
  return new Promise((resolve) => {
    // A server that asks for none takes an empty one as well.
    pgpass({ host, port, database, user }, (password) => resolve(password ?? ''));
  });
}
