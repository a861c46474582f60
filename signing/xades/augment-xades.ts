import { encodeXml } from '../../formats/xml/edit-xml-text.ts';
import { FormatError } from '../../formats/format-error.ts';
import { parseXml } from '../../formats/xml/parse-xml.ts';
import { topSignatures } from '../../formats/xml/top-signatures.ts';
import { attributeNamed } from '../../formats/xml/xml-node.ts';
import type { XmlDocument } from '../../formats/xml/xml-node.ts';
import type { SignatureLevel } from '../signature-level.ts';
import { SigningError } from '../signing-error.ts';
import { addArchiveTimeStamp, addSignatureTimeStamp } from './add-time-stamp.ts';
import { addValidationMaterial } from './add-validation-material.ts';
import { assertGenuine } from './assert-genuine.ts';
import { readAugmented } from './augmented-signature.ts';
import type { XadesAugmentation } from './augmented-signature.ts';

type Step = (document: Buffer, signatureId: string, augmentation: XadesAugmentation) => Promise<Buffer>;

/** What each level adds to the one before (ETSI EN 319 132-1 §6.1). A step that was done before is not done again, but the last. */
const STEPS: readonly { level: SignatureLevel; add: Step }[] = [
  { level: 'B-T', add: addSignatureTimeStamp },
  { level: 'B-LT', add: addValidationMaterial },
  { level: 'B-LTA', add: addArchiveTimeStamp },
];

/**
 * Lifts each signature of a document to a level: a time stamp over it, the material to validate it, a time stamp over all of that.
 * At B-LTA there is a new archive time stamp each time, over the older ones with the material to validate those.
 * Throws FormatError, or SigningError `augmentation-not-possible` for signatures that are not XAdES or wrong; what the sources reject with passes through.
 */
export async function augmentXades(document: Buffer, augmentation: XadesAugmentation): Promise<Buffer> {
  const last = STEPS.findIndex(({ level }) => level === augmentation.level);
  let augmented = encodeXml(parseXml(document).text);
  for (const id of signatureIds(parseXml(document))) {
    assertGenuine(readAugmented(augmented, id, augmentation));
    for (const { add } of STEPS.slice(0, last + 1)) augmented = await add(augmented, id, augmentation);
  }
  return augmented;
}

/** Those at the top; countersignatures are their signers' own matter. */
function signatureIds(document: XmlDocument): string[] {
  const signatures = topSignatures(document);
  if (signatures.length === 0) throw new FormatError('xml-malformed', 'the document has no signature');
  return signatures.map((signature) => {
    const id = attributeNamed(signature, 'Id');
    if (id === undefined)
      throw new SigningError('augmentation-not-possible', 'a signature without an Id is no XAdES');
    return id;
  });
}
