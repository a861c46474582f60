import { useProposeChange } from '../../client/offices.ts';
import type { OfficerOfOffice } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import type { DialogState } from './dialog-button.tsx';

/** Proposes to remove or to restore an officer, or to reset passkeys that are lost. */
export function ProposeDialog({
  officer,
  kind,
  isOpen,
  onClose,
}: DialogState & { officer: OfficerOfOffice; kind: 'remove' | 'restore' | 'reset' }) {
  const { t } = useSpeech();
  const propose = useProposeChange();
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={t(`officers.${kind}-title`, { name: `\u2068${officer.name}\u2069` })}
      action={t('officers.propose')}
      isDangerous={kind === 'remove'}
      isPending={propose.isPending}
      error={propose.error}
      onConfirm={() => propose.mutate({ kind, officerId: officer.id }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {t(`officers.${kind}-text`)}
    </ConfirmDialog>
  );
}
