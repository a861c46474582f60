import { searchKey } from '../../core/persian-text.ts';
import type { ApplicationId, DraftState } from '../application.ts';
import { seesAllOffices } from '../officer.ts';
import type { Officer } from '../officer.ts';
import type { ApplicationDraft, DraftStore } from './application-draft.ts';

/** How many drafts one search looks at; an office has dozens. Whoever wants to look at more asks for the next page. */
const DRAFTS_SOUGHT_MAX = 2_000;
const DRAFTS_AT_ONCE = 200;

export interface DraftFilter {
  state?: DraftState;
  /** Part of a name, or a whole number. */
  text?: string;
  before?: ApplicationId;
  limit: number;
}

interface DraftPage {
  drafts: ApplicationDraft[];
  /** `before` of the next page; absent where there is none. */
  next?: ApplicationId;
}

/** Drafts of the officer's office, newest first; of all offices for the CA's own staff. */
export async function listDrafts(
  { drafts }: { drafts: DraftStore },
  officer: Officer,
  { text, limit, before, ...filter }: DraftFilter,
): Promise<DraftPage> {
  const scope = { ...filter, ...(!seesAllOffices(officer) && { officeId: officer.officeId }) };
  const key = text === undefined ? '' : searchKey(text);
  const size = key === '' ? limit : DRAFTS_AT_ONCE;
  const found: ApplicationDraft[] = [];
  let last = before;
  for (let sought = 0; sought < DRAFTS_SOUGHT_MAX; sought += size) {
    const some = await drafts.list({ ...scope, limit: size, ...(last && { before: last }) });
    for (const draft of some) {
      last = draft.id;
      if (key === '' || isAbout(draft, key)) found.push(draft);
      if (found.length === limit) return { drafts: found, next: last };
    }
    if (some.length < size) return { drafts: found };
  }
  return { drafts: found, ...(last && { next: last }) };
}

/**
 * As applications are sought. Drafts are kept as they were typed, which no folded column can hold ahead of their filing, so they are
 * folded here.
 */
function isAbout({ content: { applicant = {} } }: ApplicationDraft, key: string): boolean {
  const { nationalId = '', givenName = '', surname = '', latinName = '', councilNumber } = applicant;
  const digits = searchKey(councilNumber?.digits ?? '').replace(/^0+/, '');
  return (
    searchKey(nationalId) === key ||
    (digits !== '' && digits === key.replace(/^0+/, '')) ||
    searchKey(`${givenName} ${surname} ${latinName}`).includes(key)
  );
}
