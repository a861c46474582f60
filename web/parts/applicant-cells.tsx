import type { Applicant } from '../client/types.ts';
import { CouncilNumber } from './council-number.tsx';
import { Identifier } from './identifier.tsx';
import { Latin } from './latin.tsx';
import { RowLink } from './row-link.tsx';

/** The two cells by which a row of a list says who it is about: names, which lead to its page, and numbers. */
export function ApplicantCells({ applicant, href }: { applicant: Applicant; href: string }) {
  return (
    <>
      <td>
        <RowLink href={href}>
          <bdi>{`${applicant.givenName} ${applicant.surname}`}</bdi>
        </RowLink>
        <div>
          <Latin>{applicant.latinName}</Latin>
        </div>
      </td>
      <td>
        <Identifier>{applicant.nationalId}</Identifier>
        <div>
          <CouncilNumber number={applicant.councilNumber} />
        </div>
      </td>
    </>
  );
}
