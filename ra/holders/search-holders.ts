import { seesAllOffices } from '../officer.ts';
import type { Officer } from '../officer.ts';
import type { Holder } from './holder.ts';
import type { HolderFilter, HolderStore } from './holder-store.ts';
import { readSearchTerms } from './search-terms.ts';

/** People for whom the officer's office has filed, by name; of all offices for the CA's own staff. */
export function searchHolders(
  holders: Pick<HolderStore, 'search'>,
  officer: Officer,
  { text, ...filter }: Omit<HolderFilter, 'officeId' | 'terms'> & { text?: string },
): Promise<Holder[]> {
  return holders.search({
    ...filter,
    ...(text !== undefined && { terms: readSearchTerms(text) }),
    ...(!seesAllOffices(officer) && { officeId: officer.officeId }),
  });
}
