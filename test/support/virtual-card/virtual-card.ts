import { randomBytes } from 'node:crypto';

import { ACCESS, MASTER_FILE, controlInformation, describedFile, foldersOf, mayAccess } from './card-file.ts';
import type { CardFile, DedicatedFile, ElementaryFile } from './card-file.ts';
import { decipherWithCardKey, generateCardKey, signWithCardKey } from './card-key.ts';
import type { StoredKey } from './card-key.ts';
import { newPin, verifyPin } from './card-pin.ts';
import type { StoredPin } from './card-pin.ts';
import { CardRefusal, SW, refuse } from './status-words.ts';
import { parseTlv } from './tlv.ts';

// A card that speaks as the IsoApplet of OpenSC does (API version 0.6, without extended APDUs): what its driver and its
// pkcs15-init driver ask for, and nothing else. What the card keeps is stored before a command is answered.

/** What stays on the card without power. */
export interface CardMemory {
  files: DedicatedFile;
  pin?: StoredPin;
  puk?: StoredPin;
  keys: Record<number, StoredKey>;
}

export const INSTRUCTION = {
  verify: 0x20,
  manageSecurityEnvironment: 0x22,
  changePin: 0x24,
  performSecurityOperation: 0x2a,
  resetRetryCounter: 0x2c,
  generateKey: 0x46,
  getChallenge: 0x84,
  select: 0xa4,
  readBinary: 0xb0,
  getResponse: 0xc0,
  updateBinary: 0xd6,
  createFile: 0xe0,
  deleteFile: 0xe4,
} as const;

const APPLET = 'f276a288bcfba69d34f31001';
/** Version 0.6; random numbers and elliptic curves. */
const APPLET_ANSWER = Buffer.from([0x00, 0x06, 0x06]);
const ANSWER_OCTETS_MAX = 256;

interface Command {
  p1: number;
  p2: number;
  data: Buffer;
  expected: number;
}

export function blankMemory(): CardMemory {
  return { files: { kind: 'df', fileId: MASTER_FILE, children: [] }, keys: {} };
}

export class VirtualCard {
  readonly #memory: CardMemory;
  readonly #store: (memory: CardMemory) => void;
  // What the card forgets without power.
  #isPinVerified = false;
  #path: DedicatedFile[];
  #file: ElementaryFile | undefined;
  #environment: { algorithm?: number; key?: number } = {};
  #chained: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);

  constructor(memory: CardMemory, store: (memory: CardMemory) => void) {
    this.#memory = memory;
    this.#store = store;
    this.#path = [memory.files];
  }

  /** Power went, or the reader asked for a reset. */
  reset(): void {
    this.#isPinVerified = false;
    this.#path = [this.#memory.files];
    this.#file = undefined;
    this.#environment = {};
    this.#chained = [];
    this.#rest = Buffer.alloc(0);
  }

  /** Runs one short APDU (ISO/IEC 7816-4 §5.1); the answer ends in its status word. */
  transmit(apdu: Buffer): Buffer {
    let statusWord: number = SW.ok;
    let answer: Buffer = Buffer.alloc(0);
    try {
      answer = this.#run(apdu);
    } catch (error) {
      statusWord = error instanceof CardRefusal ? error.statusWord : SW.failure;
    }
    // Wrong tries are stored as well.
    this.#store(this.#memory);
    if (statusWord === SW.ok && this.#rest.length > 0)
      statusWord = 0x6100 | (this.#rest.length > 0xff ? 0 : this.#rest.length);
    return Buffer.concat([answer, Buffer.from([statusWord >> 8, statusWord & 0xff])]);
  }

  #run(apdu: Buffer): Buffer {
    const [cla, instruction, p1, p2] = apdu;
    const { data, expected } = bodyOf(apdu);
    if (cla & 0x10) {
      this.#chained.push(Buffer.from(data));
      return Buffer.alloc(0);
    }
    const whole = Buffer.concat([...this.#chained.splice(0), data]);
    if (instruction === INSTRUCTION.getResponse) return this.#taken(expected);
    this.#rest = Buffer.alloc(0);
    this.#rest = this.#dispatch(instruction, { p1, p2, data: whole, expected });
    return this.#taken(ANSWER_OCTETS_MAX);
  }

  #taken(octets: number): Buffer {
    const taken = this.#rest.subarray(0, octets);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  #dispatch(instruction: number, command: Command): Buffer {
    switch (instruction) {
      case INSTRUCTION.select:
        return this.#select(command);
      case INSTRUCTION.readBinary:
        return this.#readBinary(command);
      case INSTRUCTION.updateBinary:
        return this.#updateBinary(command);
      case INSTRUCTION.createFile:
        return this.#createFile(command);
      case INSTRUCTION.deleteFile:
        return this.#deleteFile(command);
      case INSTRUCTION.verify:
        return this.#verify(command);
      case INSTRUCTION.changePin:
        return this.#changePin(command);
      case INSTRUCTION.resetRetryCounter:
        return this.#unblock(command);
      case INSTRUCTION.manageSecurityEnvironment:
        return this.#setEnvironment(command);
      case INSTRUCTION.generateKey:
        return this.#generateKey(command);
      case INSTRUCTION.performSecurityOperation:
        return this.#performSecurityOperation(command);
      case INSTRUCTION.getChallenge:
        return randomBytes(command.expected);
      default:
        return refuse(SW.instructionUnknown);
    }
  }

  #select({ p1, p2, data }: Command): Buffer {
    if (p1 === 0x04 && data.toString('hex') === APPLET) {
      this.#path = [this.#memory.files];
      this.#file = undefined;
      return APPLET_ANSWER;
    }
    const path = this.#found(p1, data);
    const file = path[path.length - 1];
    this.#file = file.kind === 'ef' ? file : undefined;
    this.#path = path.filter((one) => one.kind === 'df');
    return p2 === 0x0c ? Buffer.alloc(0) : controlInformation(file);
  }

  /** The way to a file from the master file. */
  #found(p1: number, data: Buffer): CardFile[] {
    if (p1 === 0x04) return this.#byName(data.toString('hex'));
    const start: CardFile[] = p1 === 0x08 ? [this.#memory.files] : [...this.#path];
    const ids = Array.from({ length: data.length / 2 }, (_, index) => data.readUInt16BE(index * 2));
    if (ids.length === 0) return [this.#memory.files];
    if (p1 === 0x00 && start[start.length - 1].fileId === ids[0]) return start;
    return ids.reduce((path, id) => {
      if (id === MASTER_FILE) return [this.#memory.files];
      const inside = path[path.length - 1];
      const child = inside.kind === 'df' && inside.children.find(({ fileId }) => fileId === id);
      if (child) return [...path, child];
      // By its identifier alone, a file beside the current folder is found as well (ISO/IEC 7816-4 §7.1.1).
      const sibling =
        p1 === 0x00 &&
        (path[path.length - 2] as DedicatedFile | undefined)?.children.find(({ fileId }) => fileId === id);
      return sibling ? [...path.slice(0, -1), sibling] : refuse(SW.fileNotFound);
    }, start);
  }

  #byName(name: string): CardFile[] {
    const found = foldersOf(this.#memory.files).find((folder) => folder.name?.startsWith(name));
    if (!found) return refuse(SW.fileNotFound);
    return found === this.#memory.files ? [found] : [this.#memory.files, found];
  }

  #readBinary({ p1, p2, expected }: Command): Buffer {
    const content = Buffer.from(this.#currentFile(ACCESS.read).content, 'hex');
    const offset = (p1 << 8) | p2;
    if (offset > content.length) refuse(SW.wrongOffset);
    return content.subarray(offset, offset + Math.min(expected, ANSWER_OCTETS_MAX));
  }

  #updateBinary({ p1, p2, data }: Command): Buffer {
    const file = this.#currentFile(ACCESS.update);
    const content = Buffer.from(file.content, 'hex');
    const offset = (p1 << 8) | p2;
    if (offset + data.length > content.length) refuse(SW.noSpace);
    data.copy(content, offset);
    file.content = content.toString('hex');
    return Buffer.alloc(0);
  }

  #currentFile(operation: number): ElementaryFile {
    const file = this.#file ?? refuse(SW.noCurrentFile);
    if (!mayAccess(file, operation, this.#isPinVerified)) refuse(SW.securityStatus);
    return file;
  }

  #createFile({ data }: Command): Buffer {
    const folder = this.#path[this.#path.length - 1];
    const file = describedFile(data);
    const operation = file.kind === 'df' ? ACCESS.createDf : ACCESS.createEf;
    if (!mayAccess(folder, operation, this.#isPinVerified)) refuse(SW.securityStatus);
    if (folder.children.some(({ fileId }) => fileId === file.fileId)) refuse(SW.fileExists);
    folder.children.push(file);
    if (file.kind === 'df') this.#path = [...this.#path, file];
    this.#file = file.kind === 'ef' ? file : undefined;
    return Buffer.alloc(0);
  }

  #deleteFile({ data }: Command): Buffer {
    const folder = this.#path[this.#path.length - 1];
    const id = data.length === 0 ? this.#file?.fileId : data.readUInt16BE(0);
    const at = folder.children.findIndex(({ fileId }) => fileId === id);
    if (at < 0) refuse(SW.fileNotFound);
    const isAllowed =
      mayAccess(folder.children[at], ACCESS.deleteSelf, this.#isPinVerified) ||
      (folder.access !== undefined && mayAccess(folder, ACCESS.deleteChild, this.#isPinVerified));
    if (!isAllowed) refuse(SW.securityStatus);
    folder.children.splice(at, 1);
    this.#file = undefined;
    return Buffer.alloc(0);
  }

  #verify({ p2, data }: Command): Buffer {
    const { pin } = this.#memory;
    if (p2 !== 1 || !pin) return refuse(SW.referenceNotFound);
    if (data.length === 0) return this.#pinState(pin);
    this.#isPinVerified = false;
    verifyPin(pin, data);
    this.#isPinVerified = true;
    return Buffer.alloc(0);
  }

  /** VERIFY without data asks only. */
  #pinState(pin: StoredPin): Buffer {
    if (this.#isPinVerified) return Buffer.alloc(0);
    return refuse(pin.triesLeft === 0 ? SW.pinBlocked : SW.triesLeft | pin.triesLeft);
  }

  /** Sets PUK and PIN of a new card, in this order; afterwards changes the PIN, and the PUK never. */
  #changePin({ p2, data }: Command): Buffer {
    const memory = this.#memory;
    if (p2 === 2 && !memory.puk && !memory.pin) memory.puk = newPin(data);
    else if (p2 === 1 && !memory.pin) memory.pin = newPin(data);
    else if (p2 === 1 && memory.pin) {
      verifyPin(memory.pin, data.subarray(0, data.length / 2));
      memory.pin = newPin(data.subarray(data.length / 2));
      this.#isPinVerified = true;
    } else refuse(SW.wrongParameters);
    return Buffer.alloc(0);
  }

  #unblock({ data }: Command): Buffer {
    const { puk } = this.#memory;
    if (!puk) return refuse(SW.referenceNotFound);
    verifyPin(puk, data.subarray(0, data.length / 2));
    this.#memory.pin = newPin(data.subarray(data.length / 2));
    return Buffer.alloc(0);
  }

  #setEnvironment({ data }: Command): Buffer {
    const objects = parseTlv(data);
    this.#environment = {
      algorithm: objects.get(0x80)?.readUInt8(0),
      key: objects.get(0x84)?.readUInt8(0),
    };
    return Buffer.alloc(0);
  }

  #generateKey({ data }: Command): Buffer {
    if (!this.#isPinVerified) refuse(SW.securityStatus);
    const { algorithm, key } = this.#environment;
    if (algorithm === undefined || key === undefined) return refuse(SW.conditions);
    const made = generateCardKey(algorithm, data);
    this.#memory.keys[key] = made.key;
    return made.answer;
  }

  #performSecurityOperation({ p1, p2, data }: Command): Buffer {
    if (!this.#isPinVerified) refuse(SW.securityStatus);
    const key = this.#memory.keys[this.#environment.key ?? -1] ?? refuse(SW.referenceNotFound);
    if (p1 === 0x9e && p2 === 0x9a) return signWithCardKey(key, data);
    if (p1 === 0x80 && p2 === 0x86) return decipherWithCardKey(key, data);
    return refuse(SW.wrongParameters);
  }
}

/** Data and expected length behind the four octets of the header. */
function bodyOf(apdu: Buffer): { data: Buffer; expected: number } {
  if (apdu.length <= 4) return { data: Buffer.alloc(0), expected: ANSWER_OCTETS_MAX };
  if (apdu.length === 5) return { data: Buffer.alloc(0), expected: apdu[4] || ANSWER_OCTETS_MAX };
  const end = 5 + apdu[4];
  return { data: apdu.subarray(5, end), expected: (apdu.length > end ? apdu[end] : 0) || ANSWER_OCTETS_MAX };
}
