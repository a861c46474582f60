import type { Database } from './database.ts';

export const SESSION_CHANNEL = 'signature_session';

/** A payload has at most 8,000 octets, a topic 64 and a space. */
const TOPICS_PER_NOTIFICATION = 100;

/** Tells the other processes about sessions, outside of any transaction. */
export async function notifySessions(database: Database, topics: readonly string[]): Promise<void> {
  for (let at = 0; at < topics.length; at += TOPICS_PER_NOTIFICATION)
    await database.query({
      name: 'session-notify',
      text: 'select pg_notify($1, $2)',
      values: [SESSION_CHANNEL, topics.slice(at, at + TOPICS_PER_NOTIFICATION).join(' ')],
    });
}

/** Topics of a notification; undefined when one may have been missed. */
export function topicsOf(payload: string | undefined): string[] | undefined {
  return payload === undefined || payload === '' ? undefined : payload.split(' ');
}
