import { Button, CopyButton, Group, Modal, Stack } from '@mantine/core';

import { useMakeLoginLink } from '../../client/offices.ts';
import type { LoginLink } from '../../client/offices.ts';
import type { OfficerOfOffice } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Latin } from '../../parts/latin.tsx';
import type { DialogState } from './dialog-button.tsx';

/** Makes a one-time link and shows it once; nothing keeps it. */
export function LoginLinkDialog({ officer, isOpen, onClose }: DialogState & { officer: OfficerOfOffice }) {
  const { t } = useSpeech();
  const make = useMakeLoginLink(officer.id);
  const close = () => {
    make.reset();
    onClose();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={<strong>{t('officers.link-title', { name: `\u2068${officer.name}\u2069` })}</strong>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Stack>
        <FailureAlert error={make.error} />
        {make.data ? (
          <MadeLink link={make.data} />
        ) : (
          <>
            {t('officers.link-ask')}
            <Button loading={make.isPending} onClick={() => make.mutate()} data-autofocus>
              {t('officers.link-make')}
            </Button>
          </>
        )}
      </Stack>
    </Modal>
  );
}

function MadeLink({ link }: { link: LoginLink }) {
  const { t, format } = useSpeech();
  return (
    <>
      {t('officers.link-text', { until: format.instant(link.expiresAt) })}
      <Latin code>{link.loginLink}</Latin>
      <Group justify="flex-end">
        <CopyButton value={link.loginLink}>
          {({ copied, copy }) => <Button onClick={copy}>{t(copied ? 'app.copied' : 'app.copy')}</Button>}
        </CopyButton>
      </Group>
    </>
  );
}
