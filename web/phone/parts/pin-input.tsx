import { PasswordInput } from '@mantine/core';
import type { PasswordInputProps } from '@mantine/core';

import { toAsciiDigits } from '../../../core/digits.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import styles from '../phone.module.css';
import { PIN_DIGITS_MAX } from '../tasks/pin-rules.ts';

interface PinInputProps extends Omit<PasswordInputProps, 'value' | 'onChange'> {
  /** ASCII digits. */
  value: string;
  onChange(value: string): void;
}

/** Takes digits of either script, and keeps them from whoever looks over the shoulder, and from managers of passwords. */
export function PinInput({ value, onChange, ...rest }: PinInputProps) {
  const { t } = useSpeech();
  return (
    <PasswordInput
      {...rest}
      value={value}
      onChange={(event) => onChange(toAsciiDigits(event.currentTarget.value).replace(/[^0-9]/g, ''))}
      inputMode="numeric"
      autoComplete="off"
      classNames={{ innerInput: styles.pin }}
      maxLength={PIN_DIGITS_MAX}
      visibilityToggleButtonProps={{ 'aria-label': t('phone.pin-show') }}
      size="lg"
      required
    />
  );
}
