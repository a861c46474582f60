import { Checkbox, Stack } from '@mantine/core';

import type { Role } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';

const ROLES: readonly Role[] = [
  'clerk',
  'approving-officer',
  'office-manager',
  'ca-operator',
  'security-officer',
  'auditor',
];

export function RoleCheckboxes({
  value,
  onChange,
}: {
  value: readonly Role[];
  onChange: (roles: Role[]) => void;
}) {
  const { t } = useSpeech();
  return (
    <Checkbox.Group label={t('officers.roles')} value={[...value]} onChange={(roles) => onChange(roles)}>
      <Stack gap="xs" mt="xs">
        {ROLES.map((role) => (
          <Checkbox key={role} value={role} label={t(`role.${role}`)} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
