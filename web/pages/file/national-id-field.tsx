import { useSpeech } from '../../i18n/language-context.tsx';
import { DigitsInput } from '../../parts/digits-input.tsx';
import type { BoundField } from './field-binding.ts';
import { isNationalId } from '../../parts/is-national-id.ts';

const DIGITS = 10;

/** Says with every key how far the number is, and whether its check digit is right. */
export function NationalIdField({ binding }: { binding: BoundField }) {
  const { t } = useSpeech();
  const { value } = binding;
  const missing = DIGITS - value.length;
  const isWrong = missing === 0 && !isNationalId(value);
  const progress = isWrong ? undefined : progressText();
  return (
    <DigitsInput
      {...binding}
      label={t('field.national-id')}
      description={progress ?? t('file.national-id-hint')}
      error={isWrong ? t('problem.national-id-checksum') : binding.error}
      descriptionProps={{ 'aria-live': 'polite' }}
      maxLength={DIGITS}
      required
      autoFocus
    />
  );

  function progressText(): string | undefined {
    if (value === '') return undefined;
    return missing > 0 ? t('file.national-id-missing', { count: missing }) : t('file.national-id-good');
  }
}
