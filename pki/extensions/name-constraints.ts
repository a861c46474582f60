import { openWhole } from '../der/decode.ts';
import type { Cursor } from '../der/decode.ts';
import { TAG, context, contextPrimitive } from '../der/tag.ts';
import { PkiError } from '../pki-error.ts';
import { readGeneralName } from './general-name.ts';
import type { GeneralName } from './general-name.ts';

/** NameConstraints (RFC 5280 §4.2.1.10): a name of a form that `permitted` mentions must lie in one of them, and in none of `excluded`. */
export interface NameConstraints {
  permitted: GeneralName[];
  excluded: GeneralName[];
}

/**
 * Throws PkiError `der-malformed`, also when neither list is there, and for distances other than minimum 0 without a
 * maximum, which RFC 5280 does not use.
 */
export function parseNameConstraints(value: Uint8Array): NameConstraints {
  const fields = openWhole(value);
  const permitted = fields.intoOptional(context(0));
  const excluded = fields.intoOptional(context(1));
  fields.end();
  if (!permitted && !excluded) throw new PkiError('der-malformed', 'nameConstraints constrain nothing');
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) };
}

function readSubtrees(list: Cursor | undefined): GeneralName[] {
  const bases: GeneralName[] = [];
  while (list && !list.atEnd) {
    const subtree = list.into(TAG.sequence);
    bases.push(readGeneralName(subtree.next()));
    // minimum DEFAULT 0, written out by some against X.690 §11.5.
    const minimum = subtree.readOptional(contextPrimitive(0));
    if (minimum && !minimum.content.every((octet) => octet === 0))
      throw new PkiError('der-malformed', 'nameConstraints with a minimum distance');
    subtree.end();
  }
  return bases;
}
