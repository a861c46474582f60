import { useEndSessions } from '../../client/offices.ts';
import type { OfficerOfOffice } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import type { DialogState } from './dialog-button.tsx';

export function EndSessionsDialog({ officer, isOpen, onClose }: DialogState & { officer: OfficerOfOffice }) {
  const { t } = useSpeech();
  const end = useEndSessions(officer.id);
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={t('officers.end-sessions-title', { name: `\u2068${officer.name}\u2069` })}
      action={t('officers.end-sessions')}
      isDangerous
      isPending={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      {t('officers.end-sessions-text')}
    </ConfirmDialog>
  );
}
