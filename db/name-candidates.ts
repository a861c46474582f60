import type { SearchTerms } from '../ra/holders/search-terms.ts';
import type { Database } from './database.ts';
import type { Conditions } from './search-conditions.ts';

type NameTerms = Extract<SearchTerms, { kind: 'name' }>;

/**
 * People up to whom sorting all that they have is quicker than walking through everybody's in order until a page is full. The planner
 * cannot know which it is: it takes the parts of a name for independent of each other, and they are not.
 */
const CANDIDATES_MAX = 500;

/** National ids of those who have such a name; undefined when there are more than a few, or the words are too short to tell. */
export async function nameCandidates(
  database: Database,
  { words }: NameTerms,
): Promise<string[] | undefined> {
  const parts = words.flatMap(partsOf);
  if (parts.length === 0) return undefined;
  const rows = await database.query<{ national_id: string }>({
    text: `select h.national_id from holder h
      where name_parts(h.search_key) @> $1::text[]
        and (select bool_and(strpos(' ' || h.search_key, part) > 0) from unnest($2::text[]) part)
      limit $3`,
    values: [parts, words.map(needleOf), CANDIDATES_MAX + 1],
  });
  return rows.length > CANDIDATES_MAX ? undefined : rows.map(({ national_id }) => national_id);
}

/** Each word somewhere in the key; one or two letters at the beginning of a word. */
export function addNameWords(conditions: Conditions, searchKey: string, { words }: NameTerms): void {
  for (const word of words) conditions.add(`strpos(' ' || ${searchKey}, $) > 0`, needleOf(word));
}

function needleOf(word: string): string {
  return Array.from(word).length > 2 ? word : ` ${word}`;
}

/** As `name_parts` of the database makes them, without those that only a whole word has. */
function partsOf(word: string): string[] {
  const letters = Array.from(word);
  if (letters.length < 2) return [];
  if (letters.length === 2) return [` ${word}`];
  return letters.slice(2).map((_, index) => letters.slice(index, index + 3).join(''));
}
