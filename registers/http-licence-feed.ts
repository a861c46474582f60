import { DomainError } from '../core/errors.ts';
import type { LicenceFeed, LicenceFeedPage } from '../ra/licence/poll-licence-feed.ts';
import { ExchangeFault, openExchange } from './exchange.ts';
import type { ExchangeOptions } from './exchange.ts';
import { parseObject } from './register-protocol.ts';

/** Messages of a page, and the octets that so many may have. */
const PAGE_ITEMS_MAX = 100;
const PAGE_OCTETS_MAX = 2 * 1024 * 1024;
const CURSOR_CHARACTERS_MAX = 500;

/**
 * The Medical Council's feed of licence messages: `GET <url>?after=<cursor>&limit=<n>`. Rejects with DomainError
 * `licence-feed-unavailable`. The messages are signed, the page is not: who changes it can only withhold.
 */
export function openHttpLicenceFeed(options: ExchangeOptions): LicenceFeed {
  const exchange = openExchange({ ...options, answerOctetsMax: PAGE_OCTETS_MAX });
  return {
    async read(after) {
      const query = { limit: String(PAGE_ITEMS_MAX), ...(after !== undefined && { after }) };
      try {
        const { raw } = await exchange.ask({ query });
        return readPage(raw);
      } catch (cause) {
        if (!(cause instanceof ExchangeFault)) throw cause;
        throw unavailable(cause.fault, cause);
      }
    },
  };
}

function readPage(raw: Buffer): LicenceFeedPage {
  const { items, next } = parseObject(raw) ?? {};
  if (!Array.isArray(items) || items.length > PAGE_ITEMS_MAX) throw unavailable('no page of messages');
  if (typeof next !== 'string' || next.length > CURSOR_CHARACTERS_MAX || next.includes('\0'))
    throw unavailable('no cursor');
  return { items: items.map(itemOf), next };
}

function itemOf(item: unknown): LicenceFeedPage['items'][number] {
  const { message, signature } = (typeof item === 'object' && item !== null ? item : {}) as Record<
    string,
    unknown
  >;
  if (typeof message !== 'string' || typeof signature !== 'string') throw unavailable('an item that is none');
  return { body: Buffer.from(message), signature };
}

function unavailable(detail: string, cause?: Error): DomainError {
  return new DomainError('licence-feed-unavailable', `the feed of the Medical Council: ${detail}`, { cause });
}
