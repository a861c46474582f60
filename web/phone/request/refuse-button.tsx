import { Button, Stack } from '@mantine/core';

import { useSpeech } from '../../i18n/language-context.tsx';
import { PhoneFailureAlert } from '../parts/phone-failure-alert.tsx';

interface RefuseButtonProps {
  isPending: boolean;
  isBlocked: boolean;
  error: unknown;
  onRefuse(): void;
}

export function RefuseButton({ isPending, isBlocked, error, onRefuse }: RefuseButtonProps) {
  const { t } = useSpeech();
  return (
    <Stack gap="xs">
      <PhoneFailureAlert error={error} />
      <Button
        variant="outline"
        color="#a3211a"
        size="lg"
        fullWidth
        loading={isPending}
        disabled={isBlocked}
        onClick={onRefuse}
      >
        {t('phone.refuse')}
      </Button>
    </Stack>
  );
}
