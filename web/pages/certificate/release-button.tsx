import { Button } from '@mantine/core';
import { useState } from 'react';

import { useChangeStatus } from '../../client/certificates.ts';
import type { CertificateName } from '../../client/certificates.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

export function ReleaseButton({ name }: { name: CertificateName }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const release = useChangeStatus(name, 'release');
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('certificate.release')}</Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('certificate.release-title')}
        action={t('certificate.release')}
        isPending={release.isPending}
        error={release.error}
        onConfirm={() => release.mutate({}, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        {t('certificate.release-text')}
      </ConfirmDialog>
    </>
  );
}
