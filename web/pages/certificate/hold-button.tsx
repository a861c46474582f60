import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';

import { Icon } from '../../app/icons.tsx';
import { useChangeStatus } from '../../client/certificates.ts';
import type { CertificateName } from '../../client/certificates.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

/** What an officer may say of a hold; a licence is the Council's to suspend. */
const CAUSES = ['lost', 'office-order'] as const;

export function HoldButton({ name }: { name: CertificateName }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [cause, setCause] = useState<string>(CAUSES[0]);
  const hold = useChangeStatus(name, 'hold');
  return (
    <>
      <Button leftSection={<Icon name="hold" />} onClick={() => setAsking(true)}>
        {t('certificate.hold')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('certificate.hold-title')}
        action={t('certificate.hold')}
        isPending={hold.isPending}
        error={hold.error}
        onConfirm={() => hold.mutate({ cause }, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        {t('certificate.hold-text')}
        <NativeSelect
          label={t('certificate.cause')}
          value={cause}
          onChange={(event) => setCause(event.currentTarget.value)}
          data={CAUSES.map((value) => ({ value, label: t(`cause.${value}`) }))}
          data-autofocus
        />
      </ConfirmDialog>
    </>
  );
}
