// Records of a ZIP file (PKWARE APPNOTE 6.3, §4.3) that are read and written here.

export const RECORD = {
  localHeader: 0x04034b50,
  dataDescriptor: 0x08074b50,
  centralHeader: 0x02014b50,
  endOfCentralDirectory: 0x06054b50,
} as const;

export const RECORD_OCTETS = { localHeader: 30, centralHeader: 46, endOfCentralDirectory: 22 } as const;

export const METHOD = { stored: 0, deflated: 8 } as const;

/** Bits of the general purpose flag (§4.4.4). */
export const FLAG = {
  encrypted: 0x0001,
  dataDescriptor: 0x0008,
  patched: 0x0020,
  strongEncryption: 0x0040,
  utf8: 0x0800,
  maskedHeaders: 0x2000,
} as const;
