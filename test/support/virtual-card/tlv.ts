// BER-TLV data objects of ISO/IEC 7816-4 §5.2.2, as far as commands of this card carry them.

/** Encodes one data object; a tag above 0xff has two octets. */
export function encodeTlv(tag: number, value: Uint8Array): Buffer {
  const tagOctets = tag > 0xff ? Buffer.from([tag >> 8, tag & 0xff]) : Buffer.from([tag]);
  return Buffer.concat([tagOctets, lengthOctets(value.length), value]);
}

/** Data objects by tag; of one that stands there twice, the last. Throws RangeError when they are cut off. */
export function parseTlv(data: Buffer): Map<number, Buffer> {
  const objects = new Map<number, Buffer>();
  let at = 0;
  while (at < data.length) {
    let tag = data.readUInt8(at++);
    if ((tag & 0x1f) === 0x1f) tag = (tag << 8) | data.readUInt8(at++);
    let length = data.readUInt8(at++);
    if (length & 0x80) {
      const octets = length & 0x7f;
      length = data.readUIntBE(at, octets);
      at += octets;
    }
    if (at + length > data.length) throw new RangeError('a data object is cut off');
    objects.set(tag, Buffer.from(data.subarray(at, at + length)));
    at += length;
  }
  return objects;
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return length <= 0xff ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}
