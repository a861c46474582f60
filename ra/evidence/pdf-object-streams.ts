import { inflateSync } from 'node:zlib';

/** Octets of all object streams of a file, inflated: a scan's have some kilobytes. */
const INFLATED_OCTETS_MAX = 8 * 1024 * 1024;
/** Of one file, which has 10 MiB at most. */
const STREAMS_MAX = 10_000;

/** What hides in a PDF, or why nobody can say. */
export type HiddenObjects = { text: string; fault?: undefined } | { fault: string; text?: undefined };

/**
 * The objects of a PDF's object streams (ISO 32000-1 §7.5.7), as text. They are looked into if they are compressed by FlateDecode alone, as
 * programs write them; whatever else they are, and an encrypted file, is a fault: what cannot be read is not let through.
 *
 * @param text the file as Latin-1 with the escapes of names undone, in which dictionaries are found
 * @param content the file
 */
export function hiddenObjects(text: string, content: Buffer): HiddenObjects {
  if (/\/Encrypt\b/.test(text)) return { fault: 'it is encrypted' };
  const found: string[] = [];
  let [octets, streams] = [0, 0];
  for (const stream of streamsOf(content)) {
    streams += 1;
    if (streams > STREAMS_MAX) return { fault: `it has more than ${STREAMS_MAX} streams` };
    if (!isObjectStream(stream.before)) continue;
    const objects = inflated(stream, INFLATED_OCTETS_MAX - octets);
    if (!objects) return { fault: 'it has objects that cannot be looked into' };
    octets += objects.length;
    found.push(objects.toString('latin1'));
  }
  return { text: found.join('\n') };
}

/** A name may be written with #xx for its letters (§7.3.5). */
export function withoutNameEscapes(text: string): string {
  return text.replaceAll(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

interface Stream {
  /**
   * All that stands between the keyword before and this one, names without escapes: its dictionary, and what else may be there. A
   * string in it can look like the beginning of an object, and would hide what stands before it.
   */
  before: string;
  data: Buffer;
}

const KEYWORD = Buffer.from('stream');

function* streamsOf(content: Buffer): Generator<Stream> {
  let from = 0;
  for (let at = content.indexOf(KEYWORD); at >= 0; at = content.indexOf(KEYWORD, at + KEYWORD.length)) {
    // `endstream` has it too.
    if (content.subarray(at - 3, at).equals(END)) continue;
    const before = withoutNameEscapes(content.toString('latin1', from, at));
    from = at + KEYWORD.length;
    // §7.3.8.1: a line feed, or carriage return and line feed.
    const lineEnd = content[from] === 0x0d ? 2 : 1;
    yield { before, data: content.subarray(from + lineEnd) };
  }
}

const END = Buffer.from('end');

/** §7.5.7: both are required, and without them no reader finds an object in it, whatever its type is said to be. */
function isObjectStream(before: string): boolean {
  return /\/ObjStm\b/.test(before) || (/\/First\b/.test(before) && /\/N\b/.test(before));
}

/** Undefined: another filter, one with parameters, too much, or no stream at all. The end of the data is where deflate says. */
function inflated({ before, data }: Stream, octetsMax: number): Buffer | undefined {
  const filters = before.match(/\/Filter\b/g) ?? [];
  // Not compressed: it was read with the rest.
  if (filters.length === 0) return Buffer.alloc(0);
  const flate = before.match(/\/Filter\s*(\[\s*)?\/FlateDecode\b\s*(\]|\/|>>)/g) ?? [];
  if (flate.length < filters.length || octetsMax <= 0) return undefined;
  if (/\/DecodeParms\b|\/F\b|\/FFilter\b/.test(before)) return undefined;
  try {
    return inflateSync(data, { maxOutputLength: octetsMax });
  } catch {
    return undefined;
  }
}
