import { NativeSelect, SimpleGrid } from '@mantine/core';

import { councilGroups } from '../../../core/council-number.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { groupName } from '../../parts/code-names.ts';
import { DigitsInput } from '../../parts/digits-input.tsx';
import { JalaliDateField } from '../../parts/jalali-date-field.tsx';
import { LatinInput } from '../../parts/latin-input.tsx';
import { PersianInput } from '../../parts/persian-input.tsx';
import { Section } from '../../parts/section.tsx';
import type { FieldBinding } from './field-binding.ts';
import { NationalIdField } from './national-id-field.tsx';

const COUNCIL_DIGITS_MAX = 10;
const MOBILE_DIGITS = 11;

/** Who the certificate is for. */
export function ApplicantFields({ bind }: { bind: FieldBinding }) {
  const { t } = useSpeech();
  const group = bind('councilGroup');
  const birthDate = bind('birthDate');
  return (
    <Section title={t('file.applicant')} hint={t('file.applicant-hint')}>
      <SimpleGrid cols={2} spacing="md" verticalSpacing="md">
        <NationalIdField binding={bind('nationalId')} />
        <JalaliDateField
          label={`${t('field.birth-date')} (${t('app.optional')})`}
          description={t('file.birth-date-hint')}
          value={birthDate.value}
          onChange={birthDate.onChange}
          isPast
        />
        <NativeSelect
          label={t('field.council-group')}
          description={t('file.council-hint')}
          value={group.value}
          onChange={(event) => group.onChange(event.currentTarget.value)}
          onBlur={group.onBlur}
          data={councilGroups.map(({ code }) => ({ value: code, label: groupName(code, t) }))}
          name="councilGroup"
          required
        />
        <DigitsInput
          label={t('field.council-number')}
          description={t('file.council-hint')}
          maxLength={COUNCIL_DIGITS_MAX}
          required
          {...bind('councilDigits')}
        />
        <PersianInput
          label={t('field.given-name')}
          description={t('file.given-name-hint')}
          maxLength={64}
          required
          {...bind('givenName')}
        />
        <PersianInput
          label={t('field.surname')}
          description={t('file.given-name-hint')}
          maxLength={64}
          required
          {...bind('surname')}
        />
        <LatinInput
          label={t('field.latin-name')}
          description={t('file.latin-name-hint')}
          maxLength={47}
          required
          {...bind('latinName')}
        />
        <DigitsInput
          label={`${t('field.mobile')} (${t('app.optional')})`}
          description={t('file.mobile-hint')}
          maxLength={MOBILE_DIGITS}
          {...bind('mobile')}
        />
      </SimpleGrid>
    </Section>
  );
}
