import { TextInput } from '@mantine/core';
import type { TextInputProps } from '@mantine/core';

import { toAsciiDigits } from '../../core/digits.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import styles from './inputs.module.css';

interface DigitsInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  /** ASCII digits. */
  value: string;
  onChange(value: string): void;
}

/** Takes digits of either script, and blanks and dashes between them; shows those of the language. */
export function DigitsInput({ value, onChange, ...rest }: DigitsInputProps) {
  const { format } = useSpeech();
  return (
    <TextInput
      {...rest}
      value={format.digits(value)}
      onChange={(event) => onChange(digitsOnly(event.currentTarget.value))}
      inputMode="numeric"
      dir="ltr"
      classNames={{ input: styles.digits }}
      autoComplete="off"
    />
  );
}

function digitsOnly(text: string): string {
  return toAsciiDigits(text).replace(/[^0-9]/g, '');
}
