import { useOfficer } from '../../app/officer-context.ts';
import type { Application } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ActivationPanel } from './activation-panel.tsx';
import { ApprovalPanel } from './approval-panel.tsx';
import { IssuedNotice } from './issued-notice.tsx';
import { DecideButton } from './decide-button.tsx';

/** What can be done about an application in its state, by this officer. */
export function DecisionPanel({ application }: { application: Application }) {
  const { t } = useSpeech();
  switch (application.state) {
    case 'submitted':
      return <Submitted application={application} />;
    case 'rejected':
      return <Notice tone="bad">{t('application.rejected')}</Notice>;
    case 'withdrawn':
      return <Notice tone="quiet">{t('application.withdrawn')}</Notice>;
    case 'expired':
      return <Notice tone="quiet">{t('application.expired')}</Notice>;
    case 'activation':
      return <ActivationPanel application={application} />;
    case 'approved':
      return <Notice tone="calm">{t('application.approved-waiting')}</Notice>;
    case 'issued':
    case 'accepted':
    default:
      return <IssuedNotice application={application} />;
  }
}

function Submitted({ application }: { application: Application }) {
  const { t } = useSpeech();
  const { id, roles } = useOfficer();
  const isOwn = application.filedBy === id;
  if (roles.includes('approving-officer') && !isOwn) return <ApprovalPanel application={application} />;
  const mayWithdraw = roles.includes('clerk');
  return (
    <Notice
      tone="calm"
      {...(mayWithdraw && { action: <DecideButton application={application} action="withdraw" /> })}
    >
      {t(isOwn ? 'application.own' : 'application.waits')}
    </Notice>
  );
}
