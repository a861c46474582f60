import { TextInput } from '@mantine/core';
import type { TextInputProps } from '@mantine/core';

import { foldPersian } from '../../core/persian-text.ts';

interface PersianInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  value: string;
  onChange(value: string): void;
}

/** Persian names: Arabic yeh and kaf become Persian ones at once, blanks at the ends go when the field is left. */
export function PersianInput({ value, onChange, ...rest }: PersianInputProps) {
  return (
    <TextInput
      {...rest}
      value={value}
      onChange={(event) => onChange(foldLetters(event.currentTarget.value))}
      onBlur={() => onChange(foldPersian(value))}
      dir="rtl"
      lang="fa"
      autoComplete="off"
    />
  );
}

/** Letter by letter, so that typing and its cursor are not disturbed. */
function foldLetters(text: string): string {
  return text.replace(/[\u064a\u0649]/g, '\u06cc').replaceAll('\u0643', '\u06a9');
}
