import { looksLikeJws } from '../formats/jws/read-jws.ts';
import { looksLikeXml } from '../formats/xml/parse-xml.ts';
import { looksLikeZip } from '../formats/zip/read-zip.ts';
import { augmentAsic } from './asic/augment-asic.ts';
import { isPdf } from '../formats/pdf/pdf-file.ts';
import { augmentCades } from './cades/augment-cades.ts';
import type { DigestName } from '../pki/digest-algorithm.ts';
import { augmentJades } from './jades/augment-jades.ts';
import { augmentPades } from './pades/augment-pades.ts';
import type { MaterialSource, SignatureLevel, TimeStamper } from './signature-level.ts';
import { SigningError } from './signing-error.ts';
import { augmentXades } from './xades/augment-xades.ts';

/** What every format is augmented with. */
export interface Augmentation {
  level: SignatureLevel;
  timeStamper: TimeStamper;
  material: MaterialSource;
  /** What a detached signature is over. */
  content?: Buffer;
  /** Of time stamps; SHA-256 where nothing else is said. */
  digest?: DigestName;
}

/** A format of signatures that can be lifted to higher levels. */
export interface AugmentedFormat {
  name: string;
  /** Looks at the first octets only. */
  recognises(document: Buffer): boolean;
  augment(document: Buffer, augmentation: Augmentation): Promise<Buffer>;
}

/** One row a format, the first that recognises a document augments it. */
export const AUGMENTED_FORMATS: readonly AugmentedFormat[] = [
  { name: 'pades', recognises: isPdf, augment: augmentPades },
  {
    name: 'cades',
    recognises: (document) =>
      document[0] === 0x30 || document.subarray(0, 11).toString('latin1') === '-----BEGIN ',
    augment: augmentCades,
  },
  { name: 'jades', recognises: looksLikeJws, augment: augmentJades },
  { name: 'xades', recognises: looksLikeXml, augment: augmentXades },
  { name: 'asic', recognises: looksLikeZip, augment: augmentAsic },
];

/** Lifts the signatures of a document to a level; throws SigningError `augmentation-not-possible` and what its format throws. */
export async function augmentSignature(
  document: Buffer,
  { format: wanted, ...augmentation }: Augmentation & { format?: string },
): Promise<{ format: string; signature: Buffer }> {
  const format = AUGMENTED_FORMATS.find(({ name, recognises }) =>
    wanted === undefined ? recognises(document) : name === wanted,
  );
  if (!format) {
    const known = AUGMENTED_FORMATS.map(({ name }) => name).join(', ');
    throw new SigningError(
      'augmentation-not-possible',
      `no signature of a format that is augmented here: ${known}`,
    );
  }
  return { format: format.name, signature: await format.augment(document, augmentation) };
}
