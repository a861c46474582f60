import { useState } from 'react';

import { useProposeChange } from '../../client/offices.ts';
import type { OfficerOfOffice, Role } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import type { DialogState } from './dialog-button.tsx';
import { RoleCheckboxes } from './role-checkboxes.tsx';

export function RolesDialog({ officer, isOpen, onClose }: DialogState & { officer: OfficerOfOffice }) {
  const { t } = useSpeech();
  const [roles, setRoles] = useState<Role[]>(officer.roles);
  const propose = useProposeChange();
  const confirm = () =>
    propose.mutate({ kind: 'set-roles', officerId: officer.id, roles }, { onSuccess: onClose });
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={t('officers.set-roles-title', { name: `\u2068${officer.name}\u2069` })}
      action={t('officers.propose')}
      isPending={propose.isPending}
      isBlocked={roles.length === 0}
      error={propose.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <RoleCheckboxes value={roles} onChange={setRoles} />
      {t('changes.proposed-text')}
    </ConfirmDialog>
  );
}
