import {
  PdfDictionary,
  PdfName,
  PdfReference,
  PdfStream,
  PdfString,
  isArray,
} from '../../formats/pdf/pdf-value.ts';
import type { PdfValue } from '../../formats/pdf/pdf-value.ts';
import type { PdfView } from '../../formats/pdf/pdf-view.ts';
import { refersToSame } from '../../formats/pdf/signature-dictionary.ts';
import type { ComparisonBudget } from './comparison-budget.ts';
import type { RevisionChanges } from './revision-changes.ts';

interface Pair {
  before: PdfValue;
  after: PdfValue;
  /** Where it was found, for the report. */
  place: string;
  /** It decides what a page or field looks like. */
  visual: boolean;
}

/** Below these, everything is looks: an object that may change elsewhere may not change here. */
const VISUAL_KEYS = new Set(['Contents', 'Resources', 'AP', 'DR']);

/**
 * Compares everything that can be reached from values of two views. What did not change is gone through too: it may refer
 * to an object that did not exist when it was signed (a shadow that waits for its content).
 */
export class StrictComparison {
  readonly #before: PdfView;
  readonly #after: PdfView;
  readonly #changes: RevisionChanges;
  readonly #budget: ComparisonBudget;
  readonly #pending: Pair[] = [];
  readonly #seen = new Set<number>();
  readonly #ownRules = new Set<number>();

  constructor(before: PdfView, after: PdfView, changes: RevisionChanges, budget: ComparisonBudget) {
    this.#before = before;
    this.#after = after;
    this.#changes = changes;
    this.#budget = budget;
  }

  /** A dictionary that is compared by rules of its own, wherever it is referred to as what it is: a page, a field, the catalog. */
  exempt(number: number): void {
    this.#ownRules.add(number);
  }

  isExempt(number: number): boolean {
    return this.#ownRules.has(number);
  }

  /** Two values must be the same, and all that is below them. */
  expectSame(before: PdfValue, after: PdfValue, place: string, visual = false): void {
    this.#pending.push({ before, after, place, visual });
  }

  /** All entries of two dictionaries must be the same but the ones named. */
  expectSameBut(
    exceptions: ReadonlySet<string>,
    before: PdfDictionary,
    after: PdfDictionary,
    place: string,
  ): void {
    if (after.repeatsKeys && after !== before) this.#changes.forbid(`${place}: a key stands twice`);
    for (const key of new Set([...before.entries.keys(), ...after.entries.keys()])) {
      if (!exceptions.has(key))
        this.expectSame(before.get(key), after.get(key), `${place}/${key}`, VISUAL_KEYS.has(key));
    }
  }

  /** Goes through everything that was handed in; throws FormatError where an object cannot be read, or there are too many. */
  run(): void {
    for (let pair = this.#pending.pop(); pair; pair = this.#pending.pop()) {
      if (this.#changes.isFull) return;
      this.#budget.step();
      this.#compare(pair);
    }
  }

  #compare(pair: Pair): void {
    const { before, after } = pair;
    if (before instanceof PdfReference && after instanceof PdfReference)
      this.#compareReferences(before, after, pair);
    else if (before instanceof PdfDictionary && after instanceof PdfDictionary)
      this.#compareDictionaries(before, after, pair);
    else if (before instanceof PdfStream && after instanceof PdfStream)
      this.#compareStreams(before, after, pair);
    else if (isArray(before) && isArray(after)) this.#compareArrays(before, after, pair);
    else if (!sameSimple(before, after)) this.#differs(pair);
  }

  #compareReferences(before: PdfReference, after: PdfReference, pair: Pair): void {
    if (!refersToSame(before, after)) return this.#differs(pair);
    const { number } = before;
    const key = number * 2 + (pair.visual ? 1 : 0);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (this.#ownRules.has(number) && !pair.visual) return;
    this.#pending.push({
      ...pair,
      before: this.#before.resolve(before),
      after: this.#after.resolve(after),
      place: `${pair.place} (object ${number})`,
    });
  }

  #compareDictionaries(before: PdfDictionary, after: PdfDictionary, pair: Pair): void {
    if (before !== after && after.repeatsKeys) this.#differs(pair);
    for (const key of new Set([...before.entries.keys(), ...after.entries.keys()])) {
      this.#pending.push({
        before: before.get(key),
        after: after.get(key),
        place: placeBelow(pair.place, key),
        visual: pair.visual || VISUAL_KEYS.has(key),
      });
    }
  }

  #compareArrays(before: readonly PdfValue[], after: readonly PdfValue[], pair: Pair): void {
    if (before.length !== after.length) return this.#differs(pair);
    before.forEach((value, index) => {
      this.#pending.push({ ...pair, before: value, after: after[index] });
    });
  }

  #compareStreams(before: PdfStream, after: PdfStream, pair: Pair): void {
    this.#compareDictionaries(before.dictionary, after.dictionary, pair);
    if (before.dataStart === after.dataStart) return;
    if (!this.#before.storedData(before).equals(this.#after.storedData(after))) this.#differs(pair);
  }

  #differs({ before, after, place }: Pair): void {
    const what = before === null ? 'was added' : after === null ? 'was removed' : 'was changed';
    this.#changes.forbid(`${place} ${what}`);
  }
}

/** The path to a value is only for the eye. */
const PLACE_CHARACTERS_MAX = 120;

function placeBelow(place: string, key: string): string {
  return place.length > PLACE_CHARACTERS_MAX ? place : `${place}/${key}`;
}

function sameSimple(before: PdfValue, after: PdfValue): boolean {
  if (before instanceof PdfName && after instanceof PdfName) return before.name === after.name;
  if (before instanceof PdfString && after instanceof PdfString) return before.bytes.equals(after.bytes);
  return before === after;
}
