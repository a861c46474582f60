import { Button, Modal, Stack, Text } from '@mantine/core';

import { useSessionLost } from '../client/session-lost.ts';
import { useSignInByPasskey } from '../client/sessions.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { FailureAlert } from '../parts/failure-alert.tsx';

/** Above a page whose session has ended: signs in again and leaves everything below as it was. */
export function SessionLostDialog() {
  const isLost = useSessionLost();
  const signIn = useSignInByPasskey();
  const { t } = useSpeech();
  return (
    <Modal
      opened={isLost}
      onClose={() => undefined}
      title={t('session.lost-title')}
      withCloseButton={false}
      closeOnEscape={false}
    >
      <Stack>
        <Text>{t('session.lost-text')}</Text>
        <FailureAlert error={signIn.error} />
        <Button onClick={() => signIn.mutate()} loading={signIn.isPending} data-autofocus>
          {t('session.sign-in-again')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('session.lost-link')}
        </Text>
      </Stack>
    </Modal>
  );
}
