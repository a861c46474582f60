import { NativeSelect } from '@mantine/core';
import { useState } from 'react';

import { useRevokeOfficerCertificate } from '../../client/officer-certificates.ts';
import type { OfficerCertificate, OfficerOfOffice } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Latin } from '../../parts/latin.tsx';

/** As the service knows them: lost or copied; or not needed any more. */
const REASONS = ['keyCompromise', 'cessationOfOperation'] as const;

export function RevokeOfficerCertificate({
  officer,
  certificate,
  onClose,
}: {
  officer: OfficerOfOffice;
  certificate: OfficerCertificate;
  onClose: () => void;
}) {
  const { t } = useSpeech();
  const [reason, setReason] = useState<string>(REASONS[0]);
  const revoke = useRevokeOfficerCertificate(officer.id);
  return (
    <ConfirmDialog
      isOpen
      title={t('officers.certificate-revoke-title', { name: `\u2068${officer.name}\u2069` })}
      action={t('officers.certificate-revoke')}
      isDangerous
      isPending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate({ certificate, reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {t('officers.certificate-revoke-text')}
      <Latin code>{certificate.serialNumber}</Latin>
      <NativeSelect
        label={t('field.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data={REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))}
        data-autofocus
      />
    </ConfirmDialog>
  );
}
