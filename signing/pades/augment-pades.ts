import type { DigestName } from '../../pki/digest-algorithm.ts';
import { SIGNATURE_LEVELS } from '../signature-level.ts';
import type { MaterialSource, SignatureLevel, TimeStamper } from '../signature-level.ts';
import { addMaterial } from './add-material.ts';
import { addDocumentTimeStamp, addSignatureTimeStamps } from './add-time-stamp.ts';
import { readSignedDocument } from './signed-document.ts';

export interface PadesAugmentation {
  level: SignatureLevel;
  timeStamper: TimeStamper;
  material: MaterialSource;
  /** Of time stamps; SHA-256 when it is left out. */
  digest?: DigestName;
}

/**
 * Lifts all signatures of a PDF to a level (ETSI EN 319 142-1 §6.3), each step a new revision but a time stamp that fits into its
 * signature: B-T, B-LT with a document security store, B-LTA with a document time stamp over it. What is at B-LTA gets the material of
 * its last time stamp and another one, whose algorithms then protect it all.
 * Throws FormatError, PkiError or SigningError `augmentation-not-possible` for what cannot be augmented; what the ports reject with passes through.
 */
export async function augmentPades(document: Buffer, augmentation: PadesAugmentation): Promise<Buffer> {
  const { level, timeStamper, material, digest = 'sha256' } = augmentation;
  const stamping = { timeStamper, digest };
  const reaches = (one: SignatureLevel) => SIGNATURE_LEVELS.indexOf(level) >= SIGNATURE_LEVELS.indexOf(one);
  let augmented = document;
  if (reaches('B-T')) augmented = await addSignatureTimeStamps(readSignedDocument(augmented), stamping);
  if (reaches('B-LT')) augmented = await addMaterial(readSignedDocument(augmented), material);
  if (reaches('B-LTA')) augmented = await addDocumentTimeStamp(augmented, stamping);
  return augmented;
}
