import { Stack, Title } from '@mantine/core';

import { Notice } from '../../parts/notice.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';
import type { PhoneCredential, PhoneRecords } from '../keys/phone-records.ts';
import { BlockSection } from './block-section.tsx';
import { CertificateSection } from './certificate-section.tsx';

/** Too many wrong PINs: nobody signs with this key any more, its holder included. */
export function KeyGonePage({
  phone,
  credential,
}: {
  phone: Partial<PhoneRecords>;
  credential: PhoneCredential;
}) {
  const { t } = useSpeech();
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('phone.key-gone')}
      </Title>
      <Notice tone="bad">{t('phone.key-gone-text')}</Notice>
      <CertificateSection phone={phone} credential={credential} />
      <BlockSection credential={credential} />
    </Stack>
  );
}
