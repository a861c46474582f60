import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';

export interface DialogState {
  isOpen: boolean;
  onClose(): void;
}

/** A button that opens a dialog. */
export function DialogButton({
  label,
  children,
}: {
  label: string;
  children: (dialog: DialogState) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" size="sm" onClick={() => setOpen(true)}>
        {label}
      </Button>
      {children({ isOpen, onClose: () => setOpen(false) })}
    </>
  );
}
