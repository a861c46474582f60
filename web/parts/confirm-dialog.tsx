import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

import { useSpeech } from '../i18n/language-context.tsx';
import { FailureAlert } from './failure-alert.tsx';

interface ConfirmDialogProps {
  isOpen: boolean;
  title: string;
  action: string;
  isDangerous?: boolean;
  isPending: boolean;
  isBlocked?: boolean;
  error: unknown;
  onConfirm(): void;
  onClose(): void;
  children?: ReactNode;
}

/** Asks once more before something that cannot be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { t } = useSpeech();
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={<strong>{props.title}</strong>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Stack>
        {props.children}
        <FailureAlert error={props.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {t('app.back')}
          </Button>
          <Button
            {...(props.isDangerous && { color: '#a3211a' })}
            loading={props.isPending}
            disabled={props.isBlocked}
            onClick={props.onConfirm}
          >
            {props.action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
