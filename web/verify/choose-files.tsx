import { Button, FileButton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { DragEvent, ReactNode } from 'react';

import { Icon } from '../app/icons.tsx';
import styles from './verify.module.css';

interface ChooseFilesProps {
  label: string;
  /** The one thing to do on the page. */
  isMain?: boolean;
  /** What had the focus has gone, and this has come in its place: keyboards go on here. */
  takesFocus?: boolean;
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

/** A place to drop files on, and a button for those who do not drag. */
export function ChooseFiles({
  label,
  isMain = false,
  takesFocus = false,
  onFiles,
  children,
}: ChooseFilesProps) {
  const [isOver, setIsOver] = useState(false);
  // The same file can be chosen twice in a row.
  const reset = useRef<() => void>(null);
  useFilesStayOnPage();
  const take = (files: File[]) => {
    setIsOver(false);
    reset.current?.();
    if (files.length > 0) onFiles(files);
  };
  const over = (event: DragEvent, isNow: boolean) => {
    event.preventDefault();
    setIsOver(isNow);
  };
  return (
    <div
      className={styles.zone}
      data-over={isOver}
      onDragOver={(event) => over(event, true)}
      onDragLeave={(event) => over(event, false)}
      onDrop={(event) => {
        event.preventDefault();
        take(Array.from(event.dataTransfer.files));
      }}
    >
      <Icon name="upload" size={isMain ? 44 : 32} />
      <div className={styles.zoneText}>{children}</div>
      <FileButton multiple onChange={take} resetRef={reset}>
        {(props) => (
          <Button
            {...props}
            autoFocus={takesFocus}
            size={isMain ? 'lg' : 'md'}
            variant={isMain ? 'filled' : 'default'}
          >
            {label}
          </Button>
        )}
      </FileButton>
    </div>
  );
}

/** A file that is dropped beside its place would otherwise replace the page. */
function useFilesStayOnPage(): void {
  useEffect(() => {
    const stay = (event: Event) => event.preventDefault();
    window.addEventListener('dragover', stay);
    window.addEventListener('drop', stay);
    return () => {
      window.removeEventListener('dragover', stay);
      window.removeEventListener('drop', stay);
    };
  }, []);
}
