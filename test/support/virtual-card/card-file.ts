import { encodeTlv, parseTlv } from './tlv.ts';
import { SW, refuse } from './status-words.ts';

export const MASTER_FILE = 0x3f00;

/** Access rights of a file, one octet an operation (ISO/IEC 7816-4 table 20), behind an octet that says that all are there. */
export const ACCESS = {
  deleteSelf: 1,
  createDf: 5,
  createEf: 6,
  update: 6,
  read: 7,
  deleteChild: 7,
} as const;
const FREE = 0x00;
const BY_PIN = 0x90;

interface FileHead {
  fileId: number;
  /** Hexadecimal; absent: everything is free. */
  access?: string;
}

/** A folder; `name` is its application identifier, hexadecimal. */
export interface DedicatedFile extends FileHead {
  kind: 'df';
  name?: string;
  children: CardFile[];
}

export interface ElementaryFile extends FileHead {
  kind: 'ef';
  /** Hexadecimal. */
  content: string;
}

export type CardFile = DedicatedFile | ElementaryFile;

/** Whether an operation on a file is allowed; never without the PIN where the file asks for it. */
export function mayAccess(file: CardFile, operation: number, isPinVerified: boolean): boolean {
  const condition = file.access === undefined ? FREE : Buffer.from(file.access, 'hex')[operation];
  return condition === FREE || (condition === BY_PIN && isPinVerified);
}

/** File control information, as SELECT answers it. */
export function controlInformation(file: CardFile): Buffer {
  const id = Buffer.alloc(2);
  id.writeUInt16BE(file.fileId);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(file.kind === 'df' ? 0x7fff : file.content.length / 2);
  const objects = [
    encodeTlv(0x83, id),
    encodeTlv(0x80, size),
    encodeTlv(0x82, Buffer.from([file.kind === 'df' ? 0x38 : 0x01])),
  ];
  if (file.kind === 'df' && file.name) objects.push(encodeTlv(0x84, Buffer.from(file.name, 'hex')));
  if (file.access) objects.push(encodeTlv(0x86, Buffer.from(file.access, 'hex')));
  return encodeTlv(0x6f, Buffer.concat(objects));
}

/** A file as CREATE FILE describes it. */
export function describedFile(data: Buffer): CardFile {
  const outer = parseTlv(data);
  const control = parseTlv(outer.get(0x6f) ?? outer.get(0x62) ?? refuse(SW.wrongData));
  const fileId = (control.get(0x83) ?? refuse(SW.wrongData)).readUInt16BE(0);
  const descriptor = (control.get(0x82) ?? refuse(SW.wrongData)).readUInt8(0);
  const access = control.get(0x86)?.toString('hex');
  const head = { fileId, ...(access !== undefined && { access }) };
  if ((descriptor & 0x38) === 0x38) {
    const name = control.get(0x84)?.toString('hex');
    return { ...head, kind: 'df', ...(name !== undefined && { name }), children: [] };
  }
  const size = control.get(0x80) ?? control.get(0x81) ?? Buffer.alloc(2);
  return { ...head, kind: 'ef', content: '00'.repeat(size.readUIntBE(0, size.length)) };
}

/** All folders below and including this one. */
export function foldersOf(folder: DedicatedFile): DedicatedFile[] {
  const below = folder.children.filter((file) => file.kind === 'df').flatMap((file) => foldersOf(file));
  return [folder, ...below];
}
