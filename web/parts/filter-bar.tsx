import { UnstyledButton } from '@mantine/core';

import styles from './filter-bar.module.css';

interface FilterBarProps {
  label: string;
  options: readonly { value: string; label: string }[];
  value: string;
  onChange(value: string): void;
}

/** One of a few, at a glance. */
export function FilterBar({ label, options, value, onChange }: FilterBarProps) {
  return (
    <div role="group" aria-label={label} className={styles.bar}>
      {options.map((option) => (
        <UnstyledButton
          key={option.value}
          className={styles.option}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </UnstyledButton>
      ))}
    </div>
  );
}
