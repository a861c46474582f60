import { TextInput } from '@mantine/core';
import type { TextInputProps } from '@mantine/core';

import styles from './inputs.module.css';

interface LatinInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  value: string;
  onChange(value: string): void;
}

/** Left to right, in right-to-left pages too. */
export function LatinInput({ value, onChange, ...rest }: LatinInputProps) {
  return (
    <TextInput
      {...rest}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      dir="ltr"
      lang="en"
      classNames={{ input: styles.latin }}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
