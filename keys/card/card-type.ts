import { CardError } from './card-error.ts';

/** Key types that a card may be asked for. */
export const CARD_KEY_TYPES = ['rsa-2048', 'p-256'] as const;
export type CardKeyType = (typeof CARD_KEY_TYPES)[number];

/** One row of the table of card types: what of a card its PKCS#11 module does not tell. */
export interface CardType {
  name: string;
  title: string;
  /** Fields of CK_TOKEN_INFO that must be equal, without their padding; those that are not given match anything. */
  match: { model?: string; manufacturer?: string; label?: string };
  /** Key types that it makes by itself; what its module cannot sign with is refused beside. */
  keyTypes: readonly CardKeyType[];
  writesCertificates: boolean;
  /** How a blank card becomes one of this type; absent: cards come initialised. */
  initialise?: 'pkcs15-init';
  /** How a locked PIN is unblocked by the PUK: C_Login as security officer, then C_InitPIN. */
  unblock: 'so-init-pin' | 'none';
  /** How the PUK becomes the holder's: the security officer's PIN is the PUK and can be set; only on a blank card; never. */
  puk: 'so-set-pin' | 'at-initialisation' | 'none';
  /** In characters. */
  pinLength: { min: number; max: number };
  pukLength: { min: number; max: number };
  /**
   * Whether the module reports CKA_SENSITIVE, CKA_NEVER_EXTRACTABLE and CKA_ALWAYS_AUTHENTICATE as they are. CKA_EXTRACTABLE
   * has to be false, and the secret unreadable, in any case.
   */
  reportsProtection: boolean;
}

/** Fields of CK_TOKEN_INFO, without their padding. */
export interface TokenFields {
  label: string;
  manufacturer: string;
  model: string;
}

/** The first row that matches a token. */
export function cardTypeOf(token: TokenFields, types: readonly CardType[]): CardType | undefined {
  return types.find(
    ({ match }) =>
      (match.model === undefined || match.model === token.model) &&
      (match.manufacturer === undefined || match.manufacturer === token.manufacturer) &&
      (match.label === undefined || match.label === token.label),
  );
}

/** Rows beyond this are no table of card types. */
const ROWS_MAX = 100;

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string' && value !== '';
const isFlag: Check = (value) => typeof value === 'boolean';
const isOneOf =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const isLength: Check = (value) => {
  const { min, max } = (value ?? {}) as Partial<CardType['pinLength']>;
  return Number.isInteger(min) && Number.isInteger(max) && min! >= 1 && max! >= min! && max! <= 255;
};
const isMatch: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).length > 0 &&
  Object.entries(value).every(
    ([name, text]) => ['model', 'manufacturer', 'label'].includes(name) && isText(text),
  );
const isKeyTypes: Check = (value) =>
  Array.isArray(value) && value.every((one) => CARD_KEY_TYPES.includes(one as CardKeyType));

const COLUMNS: Readonly<Record<keyof CardType, Check>> = {
  name: isText,
  title: isText,
  match: isMatch,
  keyTypes: isKeyTypes,
  writesCertificates: isFlag,
  initialise: isOneOf(undefined, 'pkcs15-init'),
  unblock: isOneOf('so-init-pin', 'none'),
  puk: isOneOf('so-set-pin', 'at-initialisation', 'none'),
  pinLength: isLength,
  pukLength: isLength,
  reportsProtection: isFlag,
};

/** Reads rows from the text of a JSON file; throws CardError `card-types-malformed`, which names row and column. */
export function parseCardTypes(text: string): CardType[] {
  const rows = parsed(text);
  if (!Array.isArray(rows) || rows.length > ROWS_MAX)
    throw malformed(`expected a list of at most ${ROWS_MAX} rows`);
  return rows.map((row: unknown, index) => {
    if (typeof row !== 'object' || row === null) throw malformed(`row ${index + 1} is no object`);
    const fields = row as Record<string, unknown>;
    for (const name of Object.keys(fields))
      if (!Object.hasOwn(COLUMNS, name)) throw malformed(`row ${index + 1}: unknown column ${name}`);
    for (const [name, isGood] of Object.entries(COLUMNS))
      if (!isGood(fields[name])) throw malformed(`row ${index + 1}: ${name} is missing or not allowed`);
    return fields as unknown as CardType;
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CardError('card-types-malformed', 'the table of card types is no JSON', { cause });
  }
}

function malformed(detail: string): CardError {
  return new CardError('card-types-malformed', `table of card types: ${detail}`);
}
