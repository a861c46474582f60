import type { IconName } from '../../app/icons.tsx';
import type { Application, RegisterAnswer } from '../../client/types.ts';
import type { TextKey } from '../../i18n/catalogue.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';
import { CouncilNumber } from '../../parts/council-number.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Latin } from '../../parts/latin.tsx';
import type { Tone } from '../../parts/notice.tsx';
import { ProfileName } from '../../parts/profile-name.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { RowLink } from '../../parts/row-link.tsx';

export function ApplicationRow({ application }: { application: Application }) {
  const { format } = useSpeech();
  const { applicant } = application;
  return (
    <tr>
      <td>
        <RowLink href={`/applications/${application.id}`}>
          <bdi>{`${applicant.givenName} ${applicant.surname}`}</bdi>
        </RowLink>
        <div>
          <Latin>{applicant.latinName}</Latin>
        </div>
      </td>
      <td>
        <Identifier>{applicant.nationalId}</Identifier>
      </td>
      <td>
        <CouncilNumber number={applicant.councilNumber} />
      </td>
      <td>
        <ProfileName id={application.profile} />
      </td>
      <td>
        <RegistersSummary answers={application.registerAnswers ?? []} />
      </td>
      <td>
        <time dateTime={application.filedAt}>{format.instant(application.filedAt)}</time>
      </td>
      <td>
        <StateBadge state={application.state} />
      </td>
    </tr>
  );
}

interface Summary {
  tone: Tone;
  icon: IconName;
  label: TextKey;
}

function RegistersSummary({ answers }: { answers: readonly RegisterAnswer[] }) {
  const { t } = useSpeech();
  const { tone, icon, label } = summaryOf(answers.map(({ result }) => result));
  return (
    <Badge tone={tone} icon={icon}>
      {t(label)}
    </Badge>
  );
}

/** The worst answer stands for all. */
function summaryOf(results: readonly RegisterAnswer['result'][]): Summary {
  if (results.includes('NO_MATCH')) return { tone: 'bad', icon: 'cross', label: 'queue.registers-differ' };
  if (results.includes('UNAVAILABLE')) return { tone: 'warn', icon: 'warn', label: 'queue.registers-silent' };
  if (results.length === 0) return { tone: 'quiet', icon: 'wait', label: 'queue.registers-none' };
  return { tone: 'good', icon: 'check', label: 'queue.registers-match' };
}
