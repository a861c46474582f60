import { Button, Group, Modal, Stack } from '@mantine/core';

import { useOfficer } from '../../app/officer-context.ts';
import { useRenewActivation } from '../../client/activation.ts';
import type { Activation, RenewedActivation, Renewal } from '../../client/activation.ts';
import type { Application, Role } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Latin } from '../../parts/latin.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PhoneSecret } from './phone-secret.tsx';

/** Who makes which secret anew; a letter's code is no business of whoever filed the case. */
const RENEWALS: readonly { renew: Renewal; role: Role; isForPhones?: boolean }[] = [
  { renew: 'desk-secret', role: 'clerk', isForPhones: true },
  { renew: 'code', role: 'clerk' },
  { renew: 'letter', role: 'office-manager' },
];

export function RenewActivation({
  application,
  activation,
}: {
  application: Application;
  activation: Activation;
}) {
  const { t } = useSpeech();
  const { id, roles } = useOfficer();
  const renewing = useRenewActivation(application.id);
  const mine = RENEWALS.filter(
    ({ renew, role, isForPhones }) =>
      roles.includes(role) &&
      (!isForPhones || (application.delivery === 'phone' && activation.state === 'waiting')) &&
      !(renew === 'letter' && application.filedBy === id),
  );
  return (
    <Stack gap="sm">
      <FailureAlert error={renewing.error} />
      {renewing.isSuccess && renewing.variables === 'code' && (
        <Notice tone="good">{t('activation.code-sent')}</Notice>
      )}
      <Group gap="xs">
        {mine.map(({ renew }) => (
          <Button
            key={renew}
            variant="default"
            size="sm"
            loading={renewing.isPending && renewing.variables === renew}
            onClick={() => renewing.mutate(renew)}
          >
            {t(`activation.renew-${renew}`)}
          </Button>
        ))}
      </Group>
      <SecretsDialog
        applicationId={application.id}
        renewed={renewing.data}
        onClose={() => renewing.reset()}
      />
    </Stack>
  );
}

/** What is shown once; closing forgets it. */
function SecretsDialog({
  applicationId,
  renewed,
  onClose,
}: {
  applicationId: string;
  renewed: RenewedActivation | undefined;
  onClose: () => void;
}) {
  const { t } = useSpeech();
  const { deskSecret, letterCode } = renewed ?? {};
  return (
    <Modal
      opened={deskSecret !== undefined || letterCode !== undefined}
      onClose={onClose}
      title={<strong>{t('activation.secret-title')}</strong>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Stack>
        {letterCode !== undefined && (
          <>
            {t('activation.letter-text')}
            <Latin code>{letterCode}</Latin>
          </>
        )}
        {deskSecret !== undefined && <PhoneSecret applicationId={applicationId} secret={deskSecret} />}
      </Stack>
    </Modal>
  );
}
