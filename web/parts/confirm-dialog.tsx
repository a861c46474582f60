import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';

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

/** Asks once more before something that cannot be taken back. Enter confirms, in a text of several lines with Ctrl. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { t } = useSpeech();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Events of a dialog reach the form around its button, too.
    event.stopPropagation();
    if (!props.isPending && !props.isBlocked) props.onConfirm();
  };
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={<strong>{props.title}</strong>}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <form onSubmit={submit} onKeyDown={submitByKey} noValidate>
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
              type="submit"
            >
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function submitByKey(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
}
