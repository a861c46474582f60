import { isSavedDraft } from '../../client/types.ts';
import type { Application, Case } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ApplicantCells } from '../../parts/applicant-cells.tsx';
import { ProfileName } from '../../parts/profile-name.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { DraftRow } from './draft-row.tsx';
import { RegistersSummary } from './registers-summary.tsx';

export function CaseRow({ one }: { one: Case }) {
  return isSavedDraft(one) ? <DraftRow saved={one} /> : <ApplicationRow application={one} />;
}

function ApplicationRow({ application }: { application: Application }) {
  const { format } = useSpeech();
  const { applicant } = application;
  return (
    <tr>
      <ApplicantCells applicant={applicant} href={`/applications/${application.id}`} />
      <td>
        <ProfileName id={application.profile} />
      </td>
      <td>
        <RegistersSummary answers={application.registerAnswers ?? []} />
      </td>
      <td>
        <time dateTime={application.filedAt}>{format.day(application.filedAt)}</time>
        <div>{format.time(application.filedAt)}</div>
      </td>
      <td>
        <StateBadge state={application.state} />
      </td>
    </tr>
  );
}
