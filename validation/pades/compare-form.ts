import {
  PdfDictionary,
  PdfName,
  PdfReference,
  PdfStream,
  PdfString,
  isArray,
  isName,
} from '../../formats/pdf/pdf-value.ts';
import type { PdfValue } from '../../formats/pdf/pdf-value.ts';
import { refersToSame } from '../../formats/pdf/signature-dictionary.ts';
import { textOf } from '../../formats/pdf/text-string.ts';
import { encodeValue } from '../../formats/pdf/write-value.ts';
import { checkNewField } from './check-new-field.ts';
import type { RevisionComparison } from './revision-comparison.ts';

const NONE = new PdfDictionary(new Map());

/** Entries of the form with rules of their own (ISO 32000-1 Table 218); an XFA form must stay what it was. */
const FORM_RULES = new Set(['Fields', 'SigFlags', 'DR', 'NeedAppearances']);
/** What a new form says for fields of other kinds does nothing while there are none. */
const NEW_FORM_RULES = new Set([...FORM_RULES, 'DA']);

/** Compares the interactive form: fields stay, those that may be filled in are, and signature fields may come. */
export function compareForm(comparison: RevisionComparison): void {
  const { before, after, changes, strict } = comparison;
  const [was, is] = [before.catalog.get('AcroForm'), after.catalog.get('AcroForm')];
  const [formBefore, formAfter] = [before.dictionary(was), after.dictionary(is)];
  if (!formAfter) {
    if (formBefore) changes.forbid('the form was removed');
    return;
  }
  if (was instanceof PdfReference && refersToSame(was, is)) strict.exempt(was.number);
  const base = formBefore ?? NONE;
  strict.expectSameBut(formBefore ? FORM_RULES : NEW_FORM_RULES, base, formAfter, 'form');
  // A reader that makes appearances anew shows something else than what was signed.
  if (after.resolve(formAfter.get('NeedAppearances')) === true && base.get('NeedAppearances') !== true)
    changes.forbid('form/NeedAppearances was changed');
  compareResources(comparison, base.get('DR'), formAfter.get('DR'));
  const root = { name: '', type: undefined, value: null, filledIn: undefined };
  compareFields(comparison, base.get('Fields'), formAfter.get('Fields'), root);
}

/** Resources of the form may become more; fonts that are there may not become others. */
function compareResources(comparison: RevisionComparison, was: PdfValue, is: PdfValue): void {
  const [before, after] = [comparison.before.dictionary(was), comparison.after.dictionary(is)];
  if (!before) return;
  for (const [category, value] of before.entries) {
    const place = `form/DR/${category}`;
    const [named, namedNow] = [
      comparison.before.dictionary(value),
      comparison.after.dictionary(after?.get(category) ?? null),
    ];
    if (!named || !namedNow) {
      comparison.strict.expectSame(value, after?.get(category) ?? null, place, true);
      continue;
    }
    for (const [name, resource] of named.entries)
      comparison.strict.expectSame(resource, namedNow.get(name), `${place}/${name}`, true);
  }
}

/** What a field has from those above it. */
interface Above {
  name: string;
  type: string | undefined;
  value: PdfValue;
  /** Entries in which its widgets may differ, for it was filled in or signed. */
  filledIn: ReadonlySet<string> | undefined;
}

function compareFields(comparison: RevisionComparison, was: PdfValue, is: PdfValue, above: Above): void {
  const before = comparison.before.array(was);
  let matched = 0;
  for (const field of comparison.after.array(is)) {
    const expected = before.at(matched);
    if (expected !== undefined && refersToSame(expected, field)) {
      matched += 1;
      compareField(comparison, field as PdfReference, above);
    } else if (
      expected !== undefined &&
      !(expected instanceof PdfReference) &&
      !(field instanceof PdfReference)
    ) {
      matched += 1;
      comparison.strict.expectSame(expected, field, 'a field', true);
    } else if (above.name === '') checkNewField(comparison, field);
    else comparison.changes.forbid(`a field was added to ${above.name}`);
  }
  if (matched < before.length) comparison.changes.forbid('a field was removed or moved');
}

/** What filling in changes (§12.7): the value, what it looks like, and the state of buttons. */
const FILLED_IN = new Set(['V', 'AP', 'AS', 'I', 'RV', 'M', 'Kids']);
const SIGNED = new Set(['V', 'AP', 'AS', 'F', 'M', 'Kids']);
const KIDS = new Set(['Kids']);

function compareField(comparison: RevisionComparison, reference: PdfReference, above: Above): void {
  const { strict } = comparison;
  const [before, after] = [comparison.before.resolve(reference), comparison.after.resolve(reference)];
  if (!(before instanceof PdfDictionary) || !(after instanceof PdfDictionary)) {
    strict.expectSame(before, after, 'a field', true);
    return;
  }
  // A field that is visited twice is a circle, or hangs in two places.
  if (strict.isExempt(reference.number)) return;
  strict.exempt(reference.number);
  const field = belowOf(comparison, above, before, after);
  strict.expectSameBut(field.filledIn ?? KIDS, before, after, `field ${field.name}`);
  compareFields(comparison, before.get('Kids'), after.get('Kids'), field);
}

function belowOf(
  comparison: RevisionComparison,
  above: Above,
  before: PdfDictionary,
  after: PdfDictionary,
): Above {
  const partial = textOf(comparison.before.resolve(before.get('T')));
  const type = comparison.before.resolve(before.get('FT'));
  const field = {
    name: [above.name, partial].filter(Boolean).join('.') || 'without a name',
    type: type instanceof PdfName ? type.name : above.type,
    value: before.get('V') ?? above.value,
  };
  const [was, is] = [comparison.before.resolve(before.get('V')), comparison.after.resolve(after.get('V'))];
  // What a widget looks like, and nothing of what the field says, is no filling in.
  if (isSame(was, is)) return { ...field, filledIn: above.filledIn };
  const wasEmpty = isEmpty(comparison.before.resolve(field.value));
  const permitted = field.type === 'Sig' ? maySign : mayFillIn;
  return { ...field, filledIn: permitted(comparison, field.name, wasEmpty, after) };
}

function maySign(
  { signatureKind, permissions, changes }: RevisionComparison,
  _: string,
  wasEmpty: boolean,
  after: PdfDictionary,
): ReadonlySet<string> | undefined {
  const kind = signatureKind(after.get('V'));
  if (!wasEmpty || !kind || (kind === 'signature' && !permissions.maySign)) return undefined;
  changes.permit(kind);
  return SIGNED;
}

function mayFillIn(
  { permissions, changes }: RevisionComparison,
  name: string,
  wasEmpty: boolean,
): ReadonlySet<string> | undefined {
  const judgement = permissions.fillingIn(name, wasEmpty);
  if (judgement === 'forbidden') return undefined;
  if (judgement === 'permitted') changes.permitAt('field filled in', name);
  else changes.question('field filled in', name);
  return FILLED_IN;
}

function isSame(was: PdfValue, is: PdfValue): boolean {
  if (was instanceof PdfStream || is instanceof PdfStream) return was === is;
  return encodeValue(was).equals(encodeValue(is));
}

function isEmpty(value: PdfValue): boolean {
  if (value instanceof PdfString) return textOf(value)?.trim() === '';
  return value === null || isName(value, 'Off') || (isArray(value) && value.length === 0);
}
