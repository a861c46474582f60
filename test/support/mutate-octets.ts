import fc from 'fast-check';

import * as asn1 from '../../pki/der/encode.ts';

/** One change, at places that are told by numbers, so that it fits octets of any length. */
type Step = readonly [change: Change, from: number, to: number, value: number];

type Mutate = (octets: Buffer, from: number, to: number, value: number, corpus: readonly Buffer[]) => Buffer;

/** Lengths and counts at the edges of what formats can say. */
const EDGES = ['7f', '80', 'ff', '7fffffff', 'ffffffff', '847fffffff', '88ffffffffffffffff', '0000', '3080'];

/** What means something in a text format: JSON, XML, PDF, CSV, PEM, e-mail. */
const TOKENS =
  '{|}|[|]|"|\\|\\u0000|,|:|null|1e999|-0|<a>|</a>|<!DOCTYPE x [<!ENTITY a "b">]>|&a;|&#0;|]]>|<!--|<?x|<<|>>|(|)|obj|endobj|stream|R|%%EOF|/Prev 0|\r\n|\0|\u202e|-----BEGIN X-----|=|.|__proto__'.split(
    '|',
  );

const CHANGES = {
  flip: (octets, from, _, value) => put(octets, from, Buffer.from([octets[from] ^ (1 << (value & 7))])),
  overwrite: (octets, from, _, value) => put(octets, from, Buffer.from([value & 0xff])),
  edge: (octets, from, _, value) => put(octets, from, Buffer.from(EDGES[value % EDGES.length], 'hex')),
  cut: (octets, from) => octets.subarray(0, from),
  remove: (octets, from, to) => join(octets.subarray(0, from), octets.subarray(to)),
  insert: (octets, from, _, value) =>
    join(octets.subarray(0, from), Buffer.from(TOKENS[value % TOKENS.length]), octets.subarray(from)),
  replace: (octets, from, _, value) => put(octets, from, Buffer.from(TOKENS[value % TOKENS.length])),
  repeat: (octets, from, to, value) => {
    const piece = octets.subarray(from, Math.min(to, from + 200));
    const count = Math.min(1 + (value % 64), Math.floor(20_000 / Math.max(piece.length, 1)));
    return join(octets.subarray(0, from), ...Array<Buffer>(count).fill(piece), octets.subarray(from));
  },
  splice: (octets, from, to, value, corpus) => {
    const other = corpus[value % corpus.length];
    return join(octets.subarray(0, from), other.subarray(Math.min(to, other.length)));
  },
  elementRemoved: (octets, from) => onElement(octets, from, () => Buffer.alloc(0)),
  elementDoubled: (octets, from) => onElement(octets, from, (element) => join(element, element)),
  elementManyfold: (octets, from, _, value) =>
    onElement(octets, from, (element) =>
      element.length > 100 ? element : join(...Array<Buffer>(value % 300).fill(element)),
    ),
  elementNulled: (octets, from) => onElement(octets, from, () => asn1.NULL),
  elementEmptied: (octets, from) =>
    onElement(octets, from, (element) => asn1.element(element[0], Buffer.alloc(0))),
  elementRetagged: (octets, from, _, value) =>
    onElement(octets, from, (element) => put(element, 0, Buffer.from([value & 0xff]))),
  elementWrapped: (octets, from, _, value) =>
    onElement(octets, from, (element) => {
      let nest = element;
      for (let depth = value % 80; depth >= 0; depth -= 1) nest = asn1.sequence(nest);
      return nest;
    }),
  elementGrown: (octets, from, _, value) =>
    onElement(octets, from, (element) =>
      asn1.element(element[0], element, Buffer.alloc(value % 3_000, 0xff)),
    ),
  elementExchanged: (octets, from, to) => {
    const other = elementsOf(octets)[to % elementsOf(octets).length];
    return onElement(octets, from, () => octets.subarray(other.start, other.end));
  },
} satisfies Record<string, Mutate>;

type Change = keyof typeof CHANGES;

/** Octets of a corpus after one to four changes, blind ones and such as keep DER in its lengths. */
export function mutatedFrom(corpus: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const step: fc.Arbitrary<Step> = fc.tuple(
    fc.constantFrom(...(Object.keys(CHANGES) as Change[])),
    fc.nat(),
    fc.nat(),
    fc.nat(0xffff),
  );
  const steps = fc.array(step, { minLength: 1, maxLength: 4 });
  return fc
    .tuple(fc.nat(corpus.length - 1), steps)
    .map(([which, changes]) =>
      changes.reduce((octets, change) => applied(octets, change, corpus), corpus[which]),
    );
}

function applied(octets: Buffer, [change, a, b, value]: Step, corpus: readonly Buffer[]): Buffer {
  if (octets.length === 0) return octets;
  const [from, to] = [a % octets.length, b % (octets.length + 1)].sort((one, other) => one - other);
  const mutate: Mutate = CHANGES[change];
  return mutate(octets, from, to, value, corpus);
}

interface Place {
  /** Start and end of the whole element, and of the lengths of those around it. */
  start: number;
  end: number;
  within: readonly { tag: number; start: number; content: number; end: number }[];
}

const ELEMENTS_MAX = 2_000;

/** The elements of DER, those in OCTET STRINGs and BIT STRINGs too where they are some; of anything else, none or one. */
function elementsOf(octets: Buffer): Place[] {
  const places: Place[] = [];
  walk(octets, 0, octets.length, [], places);
  return places.length > 0 ? places : [{ start: 0, end: octets.length, within: [] }];
}

function walk(octets: Buffer, from: number, to: number, within: Place['within'], places: Place[]): boolean {
  let at = from;
  const found: Place[] = [];
  while (at < to) {
    const header = headerAt(octets, at, to);
    if (!header) return false;
    found.push({ start: at, end: header.end, within });
    at = header.end;
  }
  for (const place of found) {
    if (places.length >= ELEMENTS_MAX) break;
    places.push(place);
    const tag = octets[place.start];
    const { content } = headerAt(octets, place.start, place.end)!;
    const below = [...within, { tag, start: place.start, content, end: place.end }];
    if (within.length > 40 || content === place.end) continue;
    if (tag & 0x20 || tag === 0x04) walk(octets, content, place.end, below, places);
  }
  return true;
}

function headerAt(octets: Buffer, at: number, to: number): { content: number; end: number } | undefined {
  if (at + 2 > to) return undefined;
  const first = octets[at + 1];
  const count = first & 0x7f;
  if (first < 0x80) return at + 2 + first <= to ? { content: at + 2, end: at + 2 + first } : undefined;
  if (count === 0 || count > 4 || at + 2 + count > to) return undefined;
  const content = at + 2 + count;
  const end = content + octets.readUIntBE(at + 2, count);
  return end <= to ? { content, end } : undefined;
}

/** Changes one element and writes the lengths of those around it anew. */
function onElement(octets: Buffer, which: number, change: (element: Buffer) => Buffer): Buffer {
  const places = elementsOf(octets);
  const { start, end, within } = places[which % places.length];
  let changed = change(octets.subarray(start, end));
  let [from, to] = [start, end];
  for (const around of within.toReversed()) {
    changed = asn1.element(
      around.tag,
      octets.subarray(around.content, from),
      changed,
      octets.subarray(to, around.end),
    );
    [from, to] = [around.start, around.end];
  }
  return join(octets.subarray(0, from), changed, octets.subarray(to));
}

function put(octets: Buffer, at: number, piece: Uint8Array): Buffer {
  const copy = Buffer.from(octets);
  copy.set(piece.subarray(0, copy.length - at), at);
  return copy;
}

function join(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts);
}
