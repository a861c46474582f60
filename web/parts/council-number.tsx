import type { Applicant } from '../client/types.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { groupName } from './code-names.ts';
import { Identifier } from './identifier.tsx';

/** Group and digits together: the digits alone name nobody. */
export function CouncilNumber({ number }: { number: Applicant['councilNumber'] }) {
  const { t } = useSpeech();
  return (
    <>
      {groupName(number.group, t)} <Identifier>{number.digits}</Identifier>
    </>
  );
}
