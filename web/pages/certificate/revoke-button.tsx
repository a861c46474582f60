import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';

import { useChangeStatus } from '../../client/certificates.ts';
import type { CertificateName } from '../../client/certificates.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { JalaliDateField } from '../../parts/jalali-date-field.tsx';

const REASONS = [
  'keyCompromise',
  'superseded',
  'affiliationChanged',
  'privilegeWithdrawn',
  'cessationOfOperation',
  'unspecified',
] as const;

/** Revoking for good: with a reason, and for a compromised key with the day since when. */
export function RevokeButton({ name }: { name: CertificateName }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [since, setSince] = useState('');
  const revoke = useChangeStatus(name, 'revoke');
  const isCompromise = reason === 'keyCompromise';
  const confirm = () =>
    revoke.mutate(
      // The day begins in Iran.
      { reason, ...(isCompromise && since !== '' && { invalidityDate: `${since}T00:00:00+03:30` }) },
      { onSuccess: () => setAsking(false) },
    );
  return (
    <>
      <Button color="#a3211a" onClick={() => setAsking(true)}>
        {t('certificate.revoke')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('certificate.revoke-title')}
        action={t('certificate.revoke')}
        isDangerous
        isPending={revoke.isPending}
        isBlocked={reason === ''}
        error={revoke.error}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        {t('certificate.revoke-text')}
        <NativeSelect
          label={t('field.reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data={[
            { value: '', label: t('certificate.choose-reason') },
            ...REASONS.map((value) => ({ value, label: t(`reason.${value}`) })),
          ]}
          required
          data-autofocus
        />
        {isCompromise && (
          <JalaliDateField
            label={`${t('certificate.since')} (${t('app.optional')})`}
            description={t('certificate.since-hint')}
            value={since}
            onChange={setSince}
            isPast
          />
        )}
      </ConfirmDialog>
    </>
  );
}
