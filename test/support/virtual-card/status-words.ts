/** Status words of ISO/IEC 7816-4 §5.3.4 that this card answers with. */
export const SW = {
  ok: 0x9000,
  triesLeft: 0x63c0,
  memoryFailure: 0x6581,
  wrongLength: 0x6700,
  securityStatus: 0x6982,
  pinBlocked: 0x6983,
  conditions: 0x6985,
  noCurrentFile: 0x6986,
  wrongData: 0x6a80,
  functionNotSupported: 0x6a81,
  fileNotFound: 0x6a82,
  noSpace: 0x6a84,
  wrongParameters: 0x6a86,
  referenceNotFound: 0x6a88,
  fileExists: 0x6a89,
  wrongOffset: 0x6b00,
  instructionUnknown: 0x6d00,
  failure: 0x6f00,
} as const;

/** Ends a command with a status word other than 9000. */
export class CardRefusal extends Error {
  readonly statusWord: number;

  constructor(statusWord: number) {
    super(`status word ${statusWord.toString(16)}`);
    this.statusWord = statusWord;
  }
}

export function refuse(statusWord: number): never {
  throw new CardRefusal(statusWord);
}
