import { OCSP_REQUEST_OCTETS_MAX } from '../../pki/ocsp-request.ts';

/** Header fields that decide whether a reply has a body. */
export interface RequestConditions {
  'if-none-match'?: string;
  'if-modified-since'?: string;
}

/** A request of which everything is known that has to be known. */
export interface RequestHead {
  /** The whole address of a GET; absent: a POST. */
  url?: string;
  authorityId: string;
  conditions: RequestConditions;
  /** Whether the client wants the connection closed with the reply. */
  closes: boolean;
  /** Where its body begins and ends, counted as the head is; of a GET both are the end of the head. */
  bodyAt: number;
  end: number;
}

/** What the header fields say, whatever the request line is. */
interface RequestFields {
  conditions: RequestConditions;
  closes: boolean;
  /** Absent: a request without a body. */
  bodyOctets?: number;
}

export const OCSP_REQUEST_MEDIA_TYPE = 'application/ocsp-request';

/** Programs send 100 to 300 octets, proxies some more; a GET for one certificate has 150 more. */
const HEAD_OCTETS_MAX = 2048;
const END_OF_HEAD = '\r\n\r\n';

const VERSION = ' HTTP/1.1';
const POST = 'POST /ocsp/';
const GET = 'GET /ocsp/';
const METHOD_OF_GET = 'GET ';

/** Base64 as it stands in addresses (RFC 6960 appendix A.1.1), with those escapes that it needs and no others. */
const BASE64_IN_PATH = /^(?:[A-Za-z0-9+/=]|%2[Bb]|%2[Ff]|%3[Dd])+$/;

/** A token in letters, digits and hyphens, a colon, at most one blank, and a value in visible ASCII without blanks around it. */
const FIELD = /^([A-Za-z0-9-]+): ?([!-~](?:[ -~]*[!-~])?)$/;

/** Fields that are acted upon; twice the same one is no plain request. */
const INTERPRETED = new Set([
  'host',
  'connection',
  'content-type',
  'content-length',
  'if-none-match',
  'if-modified-since',
]);

/** Fields that say how the message is framed or passed on in ways that are node:http's to deal with. */
const REFUSED = new Set([
  'transfer-encoding',
  'expect',
  'upgrade',
  'te',
  'trailer',
  'keep-alive',
  'proxy-connection',
  'http2-settings',
  'content-encoding',
]);

/** A client sends the same fields with each request; so many kinds of clients are known, of 2 KiB at most. */
const KNOWN_FIELDS_MAX = 1024;

/**
 * Reads the heads of plain OCSP requests, and no others: `POST /ocsp/<ca>` with a body of a stated length, or
 * `GET /ocsp/<ca>/<base64>` without one, in HTTP/1.1 with exact line ends and blanks (RFC 9112 §2 to §5), for an authority
 * that is hosted. What is allowed but unusual (folded lines, absolute addresses, chunks, equal lengths said twice) is as
 * unknown here as what is not allowed: whoever asks leaves both to node:http, so no two readers can see different requests
 * in the same octets.
 */
export class RequestHeads {
  readonly #hosts: (authorityId: string) => boolean;
  /** By their octets. */
  readonly #known = new Map<string, RequestFields>();

  constructor(hosts: (authorityId: string) => boolean) {
    this.#hosts = hosts;
  }

  /** The head that begins there; undefined when it is not a plain one, or not complete. Its body may not be there yet. */
  read(input: Buffer, at: number): RequestHead | undefined {
    const text = input.toString('latin1', at, at + HEAD_OCTETS_MAX);
    const endOfFields = text.indexOf(END_OF_HEAD);
    if (endOfFields < 0) return undefined;
    const endOfLine = text.indexOf('\r\n');
    const line = text.slice(0, endOfLine);
    const fields = this.#fields(text.slice(endOfLine, endOfFields));
    if (!fields || !line.endsWith(VERSION)) return undefined;
    const bodyAt = at + endOfFields + END_OF_HEAD.length;
    if (line.startsWith(POST)) return this.#post(line, fields, bodyAt);
    return line.startsWith(GET) ? this.#get(line, fields, bodyAt) : undefined;
  }

  #post(line: string, fields: RequestFields, bodyAt: number): RequestHead | undefined {
    const { conditions, closes, bodyOctets } = fields;
    const authorityId = line.slice(POST.length, -VERSION.length);
    if (bodyOctets === undefined || !this.#hosts(authorityId)) return undefined;
    return { authorityId, conditions, closes, bodyAt, end: bodyAt + bodyOctets };
  }

  #get(line: string, fields: RequestFields, bodyAt: number): RequestHead | undefined {
    const { conditions, closes, bodyOctets } = fields;
    const slash = line.indexOf('/', GET.length);
    const authorityId = line.slice(GET.length, slash);
    if (slash < 0 || bodyOctets !== undefined || !this.#hosts(authorityId)) return undefined;
    if (!BASE64_IN_PATH.test(line.slice(slash + 1, -VERSION.length))) return undefined;
    const url = line.slice(METHOD_OF_GET.length, -VERSION.length);
    return { url, authorityId, conditions, closes, bodyAt, end: bodyAt };
  }

  #fields(text: string): RequestFields | undefined {
    const known = this.#known.get(text);
    if (known) return known;
    const fields = readFields(text);
    if (fields) this.#keep(text, fields);
    return fields;
  }

  #keep(text: string, fields: RequestFields): void {
    this.#known.set(text, fields);
    if (this.#known.size <= KNOWN_FIELDS_MAX) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}

/** `text`: each field behind its line end. */
function readFields(text: string): RequestFields | undefined {
  const found = new Map<string, string>();
  for (const line of text.split('\r\n').slice(1)) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined) return undefined;
    const field = name.toLowerCase();
    if (REFUSED.has(field) || found.has(field)) return undefined;
    if (INTERPRETED.has(field)) found.set(field, value);
  }
  return interpret(found);
}

function interpret(found: ReadonlyMap<string, string>): RequestFields | undefined {
  // Required once (RFC 9112 §3.2), and of no consequence: which authority is asked stands in the path.
  if (!/^[A-Za-z0-9._[\]:-]+$/.test(found.get('host') ?? '')) return undefined;
  const connection = found.get('connection')?.toLowerCase() ?? 'keep-alive';
  if (connection !== 'keep-alive' && connection !== 'close') return undefined;
  const [etags, since] = [found.get('if-none-match'), found.get('if-modified-since')];
  const conditions: RequestConditions = {
    ...(etags !== undefined && { 'if-none-match': etags }),
    ...(since !== undefined && { 'if-modified-since': since }),
  };
  const fields = { conditions, closes: connection === 'close' };
  const [type, length] = [found.get('content-type'), found.get('content-length')];
  if (type === undefined && length === undefined) return fields;
  if (type !== OCSP_REQUEST_MEDIA_TYPE || !/^[1-9][0-9]{0,4}$/.test(length ?? '')) return undefined;
  const bodyOctets = Number(length);
  return bodyOctets <= OCSP_REQUEST_OCTETS_MAX ? { ...fields, bodyOctets } : undefined;
}
