import { NativeSelect, TextInput, Textarea } from '@mantine/core';

import type { RelyingPartyTerms } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import inputs from '../../parts/inputs.module.css';

/** As they are typed: the addresses one a line. */
export interface TypedTerms extends Omit<RelyingPartyTerms, 'callbackUrls'> {
  callbackLines: string;
}

export const NO_TERMS: TypedTerms = { displayedName: '', patientView: 'masked', callbackLines: '' };

const PATIENT_VIEWS = ['masked', 'whole'] as const;

export function typedTermsOf({ displayedName, patientView, callbackUrls }: RelyingPartyTerms): TypedTerms {
  return { displayedName, patientView, callbackLines: callbackUrls.join('\n') };
}

export function termsOf({ displayedName, patientView, callbackLines }: TypedTerms): RelyingPartyTerms {
  const callbackUrls = callbackLines.split(/\s+/).filter((line) => line !== '');
  return { displayedName: displayedName.trim(), patientView, callbackUrls };
}

/** Whether they can be sent: what holders read of who asks is never nothing. */
export function areTermsWhole(terms: TypedTerms): boolean {
  return terms.displayedName.trim() !== '';
}

/** The fields that registering and changing a party have in common. */
export function TermsFields({
  value,
  onChange,
}: {
  value: TypedTerms;
  onChange: (value: TypedTerms) => void;
}) {
  const { t } = useSpeech();
  return (
    <>
      <TextInput
        label={t('relying-parties.name')}
        description={t('relying-parties.name-hint')}
        value={value.displayedName}
        onChange={(event) => onChange({ ...value, displayedName: event.currentTarget.value })}
        maxLength={80}
        required
        data-autofocus
      />
      <NativeSelect
        label={t('relying-parties.patient')}
        description={t('relying-parties.patient-hint')}
        value={value.patientView}
        onChange={(event) =>
          onChange({ ...value, patientView: event.currentTarget.value as TypedTerms['patientView'] })
        }
        data={PATIENT_VIEWS.map((view) => ({ value: view, label: t(`patient-view.${view}`) }))}
      />
      <Textarea
        label={`${t('relying-parties.callbacks')} (${t('app.optional')})`}
        description={t('relying-parties.callbacks-hint')}
        value={value.callbackLines}
        onChange={(event) => onChange({ ...value, callbackLines: event.currentTarget.value })}
        rows={2}
        dir="ltr"
        lang="en"
        spellCheck={false}
        classNames={{ input: inputs.latin }}
      />
    </>
  );
}
