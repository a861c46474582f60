import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';

import { Icon } from '../../app/icons.tsx';
import { useProposeChange } from '../../client/offices.ts';
import type { Role } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { DigitsInput } from '../../parts/digits-input.tsx';
import { isNationalId } from '../../parts/is-national-id.ts';
import { RoleCheckboxes } from './role-checkboxes.tsx';

export function AddOfficerButton({ officeId }: { officeId: string }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [name, setName] = useState('');
  const [nationalId, setNationalId] = useState('');
  const [roles, setRoles] = useState<Role[]>(['clerk']);
  const propose = useProposeChange();
  const isIdWrong = nationalId !== '' && !isNationalId(nationalId);
  const confirm = () =>
    propose.mutate(
      { kind: 'add', officeId, name: name.trim(), roles, ...(nationalId !== '' && { nationalId }) },
      {
        onSuccess: () => {
          setAsking(false);
          setName('');
          setNationalId('');
        },
      },
    );
  return (
    <>
      <Button size="sm" leftSection={<Icon name="add" size={18} />} onClick={() => setAsking(true)}>
        {t('officers.add')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('officers.add-title')}
        action={t('officers.propose')}
        isPending={propose.isPending}
        isBlocked={name.trim() === '' || roles.length === 0 || isIdWrong}
        error={propose.error}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        <TextInput
          label={t('officers.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          required
          data-autofocus
        />
        <DigitsInput
          label={`${t('field.national-id')} (${t('app.optional')})`}
          description={t('officers.national-id-hint')}
          value={nationalId}
          onChange={setNationalId}
          error={isIdWrong && nationalId.length === 10 ? t('problem.national-id-checksum') : undefined}
          maxLength={10}
        />
        <RoleCheckboxes value={roles} onChange={setRoles} />
        {t('changes.proposed-text')}
      </ConfirmDialog>
    </>
  );
}
