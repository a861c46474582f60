import { useSpeech } from '../../i18n/language-context.tsx';
import { PinInput } from '../parts/pin-input.tsx';
import { PIN_DIGITS_MIN, faultOfPin } from '../tasks/pin-rules.ts';

interface NewPinProps {
  pin: string;
  repeated: string;
  onPin(pin: string): void;
  onRepeated(pin: string): void;
}

/** A PIN that the holder chooses, twice. */
export function NewPin({ pin, repeated, onPin, onRepeated }: NewPinProps) {
  const { t } = useSpeech();
  const fault = faultOfPin(pin);
  // Nobody is scolded for a PIN that is still being typed.
  const isTyped = pin.length >= PIN_DIGITS_MIN || repeated !== '';
  return (
    <>
      <PinInput
        label={t('phone.pin-new')}
        description={t('phone.pin-new-hint')}
        value={pin}
        onChange={onPin}
        error={fault && isTyped ? t(fault) : undefined}
      />
      <PinInput
        label={t('phone.pin-repeat')}
        value={repeated}
        onChange={onRepeated}
        error={repeated.length >= pin.length && repeated !== pin ? t('phone.pin-differs') : undefined}
      />
    </>
  );
}
