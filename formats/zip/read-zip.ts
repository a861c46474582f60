import { crc32, inflateRawSync } from 'node:zlib';

import { FormatError } from '../format-error.ts';
import { FLAG, METHOD, RECORD, RECORD_OCTETS } from './zip-records.ts';
import { readDosTime } from './dos-time.ts';
import { readZipName, zipNameKey } from './zip-name.ts';

// ZIP says everything twice, in front of each file and in the directory at the end, and lets anything stand between. Programs differ
// in what they believe, so that one shows another file than the other verifies: here both must say the same, and nothing be between.

export interface ZipEntry {
  name: string;
  bytes: Buffer;
  isStored: boolean;
  /** Neither directory nor local header has an extra field, as ASiC wants of its first entry. */
  hasExtra: boolean;
  /** What it says of its age; nothing signs that. */
  modifiedAt: Date;
}

/** In the order of the file. Folders are left out. */
export interface ZipFile {
  entries: readonly ZipEntry[];
  comment: Buffer;
}

const ZIP_OCTETS_MAX = 64 * 1024 * 1024;
const ENTRIES_MAX = 1_000;
/** Of all files unpacked: a bomb ends here. */
const CONTENT_OCTETS_MAX = 64 * 1024 * 1024;
const COMMENT_OCTETS_MAX = 65_535;

interface DirectoryEntry {
  nameBytes: Buffer;
  name: string;
  flags: number;
  method: number;
  crc: number;
  packedOctets: number;
  octets: number;
  offset: number;
  hasExtra: boolean;
  modifiedAt: Date;
}

export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/** Reads a whole ZIP file; throws FormatError `container-malformed` for anything that two programs could read differently. */
export function readZip(bytes: Uint8Array): ZipFile {
  if (bytes.length > ZIP_OCTETS_MAX) throw malformed(`${bytes.length} octets, at most ${ZIP_OCTETS_MAX}`);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    const end = findEnd(file);
    const directory = readDirectory(file, end);
    return { entries: readEntries(file, directory, end.directoryAt), comment: end.comment };
  } catch (cause) {
    // Reading past the end of a Buffer.
    if (cause instanceof RangeError) throw new FormatError('container-malformed', 'cut off', { cause });
    throw cause;
  }
}

interface DirectoryPlace {
  count: number;
  directoryAt: number;
  endAt: number;
  comment: Buffer;
}

/** §4.3.16; the last one that the file ends with, and there may be no other that it could end with. */
function findEnd(file: Buffer): DirectoryPlace {
  const places: number[] = [];
  const last = file.length - RECORD_OCTETS.endOfCentralDirectory;
  for (let at = last; at >= 0 && at >= last - COMMENT_OCTETS_MAX; at -= 1) {
    if (file.readUInt32LE(at) !== RECORD.endOfCentralDirectory) continue;
    if (at + RECORD_OCTETS.endOfCentralDirectory + file.readUInt16LE(at + 20) === file.length)
      places.push(at);
  }
  if (places.length !== 1) throw malformed(`${places.length} ends of the directory, expected one`);
  const [at] = places;
  const [disk, directoryDisk, countHere, count] = [4, 6, 8, 10].map((field) => file.readUInt16LE(at + field));
  const [directoryOctets, directoryAt] = [12, 16].map((field) => file.readUInt32LE(at + field));
  if (disk !== 0 || directoryDisk !== 0 || countHere !== count) throw malformed('several disks');
  if (count > ENTRIES_MAX) throw malformed(`${count} entries, at most ${ENTRIES_MAX}`);
  if (directoryAt + directoryOctets !== at) throw malformed('something between the directory and its end');
  return { count, directoryAt, endAt: at, comment: file.subarray(at + 22) };
}

function readDirectory(file: Buffer, { count, directoryAt, endAt }: DirectoryPlace): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  const keys = new Set<string>();
  let at = directoryAt;
  let octets = 0;
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = readDirectoryEntry(file, at);
    const key = zipNameKey(entry.name);
    if (keys.has(key)) throw malformed('two entries of one name');
    keys.add(key);
    octets += entry.octets;
    if (octets > CONTENT_OCTETS_MAX) throw malformed(`more than ${CONTENT_OCTETS_MAX} octets unpacked`);
    entries.push(entry);
    at = next;
  }
  if (at !== endAt) throw malformed('more in the directory than it counts');
  return entries;
}

const REFUSED_FLAGS = FLAG.encrypted | FLAG.patched | FLAG.strongEncryption | FLAG.maskedHeaders;

function readDirectoryEntry(file: Buffer, at: number): { entry: DirectoryEntry; next: number } {
  if (file.readUInt32LE(at) !== RECORD.centralHeader) throw malformed('no entry where the directory has one');
  const [flags, method] = [8, 10].map((field) => file.readUInt16LE(at + field));
  const [crc, packedOctets, octets, offset] = [16, 20, 24, 42].map((field) => file.readUInt32LE(at + field));
  const [nameOctets, extraOctets, commentOctets] = [28, 30, 32].map((field) => file.readUInt16LE(at + field));
  if ((flags & REFUSED_FLAGS) !== 0) throw malformed('an entry that is encrypted or patched');
  if (method !== METHOD.stored && method !== METHOD.deflated) throw malformed(`compression method ${method}`);
  // §4.4.8: the fields of ZIP64 stand in an extra field then.
  if ([packedOctets, octets, offset].includes(0xffffffff)) throw malformed('ZIP64');
  const nameAt = at + RECORD_OCTETS.centralHeader;
  const nameBytes = file.subarray(nameAt, nameAt + nameOctets);
  const name = readZipName(nameBytes);
  const next = nameAt + nameOctets + extraOctets + commentOctets;
  const entry = {
    nameBytes,
    name,
    flags,
    method,
    crc,
    packedOctets,
    octets,
    offset,
    hasExtra: extraOctets > 0,
    modifiedAt: readDosTime(file.readUInt16LE(at + 12), file.readUInt16LE(at + 14)),
  };
  return { entry, next };
}

/** The entries in the order of the file, each beginning where the one before ends. */
function readEntries(file: Buffer, directory: readonly DirectoryEntry[], directoryAt: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (const entry of directory.toSorted((a, b) => a.offset - b.offset)) {
    if (entry.offset !== at) throw malformed('something between the entries, or entries that overlap');
    const { dataAt, hasExtra } = readLocalHeader(file, entry);
    const packed = file.subarray(dataAt, dataAt + entry.packedOctets);
    at = endOfEntry(file, entry, dataAt + entry.packedOctets);
    const bytes = unpack(packed, entry);
    if (entry.name.endsWith('/')) {
      if (bytes.length > 0) throw malformed('a folder with content');
      continue;
    }
    const isStored = entry.method === METHOD.stored;
    const { name, modifiedAt } = entry;
    entries.push({ name, bytes, isStored, hasExtra: hasExtra || entry.hasExtra, modifiedAt });
  }
  if (at !== directoryAt) throw malformed('something between the entries and their directory');
  return entries;
}

function readLocalHeader(file: Buffer, entry: DirectoryEntry): { dataAt: number; hasExtra: boolean } {
  const at = entry.offset;
  if (file.readUInt32LE(at) !== RECORD.localHeader) throw malformed('no entry where the directory says');
  const [flags, method] = [6, 8].map((field) => file.readUInt16LE(at + field));
  const [nameOctets, extraOctets] = [26, 28].map((field) => file.readUInt16LE(at + field));
  const nameAt = at + RECORD_OCTETS.localHeader;
  const isSame =
    flags === entry.flags &&
    method === entry.method &&
    file.subarray(nameAt, nameAt + nameOctets).equals(entry.nameBytes);
  const sizes = [14, 18, 22].map((field) => file.readUInt32LE(at + field));
  const expected = [entry.crc, entry.packedOctets, entry.octets];
  const hasDescriptor = (flags & FLAG.dataDescriptor) !== 0;
  const agree = sizes.every((size, index) => size === expected[index] || (hasDescriptor && size === 0));
  if (!isSame || !agree) throw malformed('an entry that the directory describes differently');
  return { dataAt: nameAt + nameOctets + extraOctets, hasExtra: extraOctets > 0 };
}

/** §4.3.9: those who stream write sizes and checksum after the data, with a mark before them or without. */
function endOfEntry(file: Buffer, entry: DirectoryEntry, at: number): number {
  if ((entry.flags & FLAG.dataDescriptor) === 0) return at;
  const expected = [entry.crc, entry.packedOctets, entry.octets];
  const fieldsAt = file.readUInt32LE(at) === RECORD.dataDescriptor ? at + 4 : at;
  const agree = expected.every((value, index) => file.readUInt32LE(fieldsAt + 4 * index) === value);
  if (!agree) throw malformed('an entry that its data descriptor describes differently');
  return fieldsAt + 12;
}

function unpack(packed: Buffer, { method, octets, crc }: DirectoryEntry): Buffer {
  const bytes = method === METHOD.stored ? packed : inflate(packed, octets);
  if (bytes.length !== octets) throw malformed('an entry of another size than it says');
  if (crc32(bytes) !== crc) throw malformed('an entry whose checksum differs');
  return bytes;
}

function inflate(packed: Buffer, octets: number): Buffer {
  try {
    const { buffer, engine } = inflateRawSync(packed, {
      maxOutputLength: Math.max(octets, 1),
      info: true,
    }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    // What follows the end of the compressed data is nobody's.
    if (engine.bytesWritten !== packed.length) throw malformed('something after compressed data');
    return buffer;
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError('container-malformed', 'an entry that cannot be unpacked', { cause });
  }
}

function malformed(detail: string): FormatError {
  return new FormatError('container-malformed', detail);
}
