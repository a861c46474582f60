import type { SavedDraft } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Latin } from '../../parts/latin.tsx';
import { ProfileName } from '../../parts/profile-name.tsx';
import { RowLink } from '../../parts/row-link.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { RegistersSummary } from './registers-summary.tsx';

/** A draft may have any of its fields, or none. */
export function DraftRow({ saved }: { saved: SavedDraft }) {
  const { t, format } = useSpeech();
  const { applicant = {}, profile } = saved.draft;
  const name = [applicant.givenName, applicant.surname].filter(Boolean).join(' ');
  return (
    <tr>
      <td>
        <RowLink href={`/applications/${saved.id}/edit`}>
          <bdi>{name === '' ? t('queue.unnamed') : name}</bdi>
        </RowLink>
        <div>{applicant.latinName !== undefined && <Latin>{applicant.latinName}</Latin>}</div>
      </td>
      <td>{applicant.nationalId !== undefined && <Identifier>{applicant.nationalId}</Identifier>}</td>
      <td>{profile !== undefined && <ProfileName id={profile} />}</td>
      <td>
        <RegistersSummary answers={saved.registerAnswers ?? []} />
      </td>
      <td>
        <time dateTime={saved.savedAt}>{format.day(saved.savedAt)}</time>
        <div>{format.time(saved.savedAt)}</div>
      </td>
      <td>
        <StateBadge state={saved.state} />
      </td>
    </tr>
  );
}
