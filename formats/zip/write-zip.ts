import { crc32, deflateRawSync } from 'node:zlib';

import { dosTime } from './dos-time.ts';
import { FLAG, METHOD, RECORD, RECORD_OCTETS } from './zip-records.ts';

export interface ZipContent {
  name: string;
  bytes: Uint8Array;
  /** True: not compressed. */
  stored?: boolean;
  /** Instead of the time of all. */
  modifiedAt?: Date;
}

/** APPNOTE §4.4.3.2: what it takes to unpack a deflated file. */
const VERSION = 20;

/** A ZIP file with these files in this order, of one time where they have none of their own. */
export function writeZip(contents: readonly ZipContent[], modifiedAt: Date): Buffer {
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const content of contents) {
    const { header, name, packed } = packEntry(content, dosTime(content.modifiedAt ?? modifiedAt));
    entries.push(localHeader(header), name, packed);
    directory.push(centralHeader(header, offset), name);
    offset += RECORD_OCTETS.localHeader + name.length + packed.length;
  }
  const directoryOctets = directory.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([...entries, ...directory, endRecord(contents.length, directoryOctets, offset)]);
}

function packEntry({ name, bytes, stored }: ZipContent, time: Buffer) {
  const deflated = stored ? undefined : deflateRawSync(bytes);
  // Compression that makes it longer is left out.
  const packed = deflated && deflated.length < bytes.length ? deflated : Buffer.from(bytes);
  const header = Buffer.alloc(26);
  header.writeUInt16LE(VERSION, 0);
  header.writeUInt16LE(/^[\x20-\x7e]*$/.test(name) ? 0 : FLAG.utf8, 2);
  header.writeUInt16LE(packed === deflated ? METHOD.deflated : METHOD.stored, 4);
  time.copy(header, 6);
  header.writeUInt32LE(crc32(bytes), 10);
  header.writeUInt32LE(packed.length, 14);
  header.writeUInt32LE(bytes.length, 18);
  const nameBytes = Buffer.from(name, 'utf8');
  header.writeUInt16LE(nameBytes.length, 22);
  return { header, name: nameBytes, packed };
}

function localHeader(header: Buffer): Buffer {
  const record = Buffer.alloc(4);
  record.writeUInt32LE(RECORD.localHeader, 0);
  return Buffer.concat([record, header]);
}

function centralHeader(header: Buffer, offset: number): Buffer {
  const record = Buffer.alloc(RECORD_OCTETS.centralHeader);
  record.writeUInt32LE(RECORD.centralHeader, 0);
  record.writeUInt16LE(VERSION, 4);
  header.copy(record, 6);
  record.writeUInt32LE(offset, 42);
  return record;
}

function endRecord(count: number, directoryOctets: number, directoryAt: number): Buffer {
  const record = Buffer.alloc(RECORD_OCTETS.endOfCentralDirectory);
  record.writeUInt32LE(RECORD.endOfCentralDirectory, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(directoryOctets, 12);
  record.writeUInt32LE(directoryAt, 16);
  return record;
}
