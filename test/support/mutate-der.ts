import * as asn1 from '../../pki/der/encode.ts';
import { Cursor } from '../../pki/der/decode.ts';
import type { Element } from '../../pki/der/decode.ts';
import { CONSTRUCTED } from '../../pki/der/tag.ts';

/** A change to one element of a structure, with lengths that fit again. */
export interface Mutation {
  name: string;
  bytes: Buffer;
}

type Change = (element: Buffer) => Buffer;

const CHANGES: Record<string, Change> = {
  removed: () => Buffer.alloc(0),
  doubled: (element) => Buffer.concat([element, element]),
  nulled: () => asn1.NULL,
  emptied: (element) => asn1.element(element[0], Buffer.alloc(0)),
};

/** Each element of a DER structure removed, doubled, replaced by NULL and emptied, one at a time. */
export function* elementMutations(bytes: Buffer): Generator<Mutation> {
  yield* mutationsOf(new Cursor(bytes).next(), [], (whole) => whole);
}

function* mutationsOf(element: Element, path: number[], rebuild: Change): Generator<Mutation> {
  for (const [name, change] of Object.entries(CHANGES))
    yield { name: `${path.join('.') || 'whole'} ${name}`, bytes: rebuild(change(element.bytes)) };
  if (element.tag > 0xff || (element.tag & CONSTRUCTED) === 0) return;
  const members = [...new Cursor(element.content).elements()];
  for (const [index, member] of members.entries()) {
    const put: Change = (changed) =>
      rebuild(
        asn1.element(
          element.tag,
          ...members.map(({ bytes: octets }, at) => (at === index ? changed : octets)),
        ),
      );
    yield* mutationsOf(member, [...path, index], put);
  }
}
