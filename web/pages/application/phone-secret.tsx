import { Button, Group, Stack, Text } from '@mantine/core';

import { useSpeech } from '../../i18n/language-context.tsx';
import { Latin } from '../../parts/latin.tsx';
import { QrCode } from '../../parts/qr-code.tsx';
import styles from './phone-secret.module.css';

/** The secret of a phone for its camera and for the eye, on a sheet that can be printed alone. */
export function PhoneSecret({ applicationId, secret }: { applicationId: string; secret: string }) {
  const { t } = useSpeech();
  return (
    <Stack className={styles.sheet}>
      <span className={styles.forClerk}>{t('activation.secret-text')}</span>
      <QrCode text={phoneAddress(applicationId, secret)} label={t('activation.secret-code')} />
      <Latin code>{secret}</Latin>
      <Text size="sm">{t('activation.secret-guide')}</Text>
      <Group justify="flex-end" className={styles.forClerk}>
        <Button variant="default" onClick={() => window.print()}>
          {t('activation.secret-print')}
        </Button>
      </Group>
    </Stack>
  );
}

/** What the phone's app reads (docs/HOLDERS.md). Browsers send no fragment: the secret reaches no server and no log. */
function phoneAddress(application: string, secret: string): string {
  return `${window.location.origin}/phone#${new URLSearchParams({ application, secret }).toString()}`;
}
