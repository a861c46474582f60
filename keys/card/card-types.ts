import type { CardType } from './card-type.ts';

/**
 * The card types that are known; the first row that matches a token is its type. A deployment adds rows of its own in a file
 * (docs/CARD-AGENT.md, "How to add a card type"), which come before these.
 */
export const CARD_TYPES: readonly CardType[] = [
  {
    name: 'piv',
    title: 'YubiKey and other PIV cards through OpenSC',
    match: { manufacturer: 'piv_II' },
    // OpenSC shows what is on a PIV card; making keys takes its management key, which PKCS#11 has no place for.
    keyTypes: [],
    writesCertificates: false,
    unblock: 'none',
    puk: 'none',
    pinLength: { min: 6, max: 8 },
    pukLength: { min: 8, max: 8 },
    reportsProtection: true,
  },
  {
    name: 'ykcs11',
    title: "YubiKey through Yubico's module",
    match: { manufacturer: 'Yubico (www.yubico.com)' },
    keyTypes: [],
    writesCertificates: false,
    unblock: 'none',
    puk: 'none',
    pinLength: { min: 6, max: 8 },
    pukLength: { min: 8, max: 8 },
    reportsProtection: true,
  },
  {
    name: 'opensc',
    title: 'JavaCard with IsoApplet, and cards that pkcs15-init initialises like it',
    match: { model: 'PKCS#15' },
    keyTypes: ['rsa-2048', 'p-256'],
    writesCertificates: true,
    initialise: 'pkcs15-init',
    unblock: 'so-init-pin',
    puk: 'at-initialisation',
    pinLength: { min: 4, max: 16 },
    pukLength: { min: 16, max: 16 },
    // OpenSC 0.23 notes no access flags of keys that it generates through PKCS#11, and reports CKA_SENSITIVE false; and
    // CKA_ALWAYS_AUTHENTICATE too, as it is configured here (opensc-configuration.ts), though the card has it.
    reportsProtection: false,
  },
  {
    name: 'softhsm',
    title: 'SoftHSM 2, a token in software: for tests and rehearsals only',
    match: { model: 'SoftHSM v2' },
    keyTypes: ['rsa-2048', 'p-256'],
    writesCertificates: true,
    unblock: 'so-init-pin',
    puk: 'so-set-pin',
    pinLength: { min: 4, max: 255 },
    pukLength: { min: 4, max: 255 },
    reportsProtection: true,
  },
];
