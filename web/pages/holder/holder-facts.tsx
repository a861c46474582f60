import type { HolderFile } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { CouncilNumber } from '../../parts/council-number.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Latin } from '../../parts/latin.tsx';
import { Section } from '../../parts/section.tsx';

export function HolderFacts({ file: { holder, contact } }: { file: HolderFile }) {
  const { t, format } = useSpeech();
  const day = (instant: string | undefined) => (instant === undefined ? t('app.none') : format.day(instant));
  return (
    <Section title={t('holder.person')}>
      <Facts
        facts={[
          { name: t('field.given-name'), value: <bdi>{holder.givenName}</bdi> },
          { name: t('field.surname'), value: <bdi>{holder.surname}</bdi> },
          { name: t('field.latin-name'), value: <Latin>{holder.latinName}</Latin> },
          { name: t('field.national-id'), value: <Identifier>{holder.nationalId}</Identifier> },
          { name: t('field.council-number'), value: <CouncilNumber number={holder.councilNumber} /> },
          {
            name: t('holder.contact-mobile'),
            value: contact.mobile === undefined ? t('app.none') : <Identifier>{contact.mobile}</Identifier>,
          },
          {
            name: t('holder.contact-email'),
            value: contact.email === undefined ? t('app.none') : <Latin>{contact.email}</Latin>,
          },
          { name: t('holder.first-in-person'), value: day(holder.firstInPersonAt) },
          { name: t('holder.last-in-person'), value: day(holder.lastInPersonAt) },
        ]}
      />
    </Section>
  );
}
