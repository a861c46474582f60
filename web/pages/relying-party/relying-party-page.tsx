import { Group, Stack } from '@mantine/core';
import { useParams } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import { useRelyingParties } from '../../client/relying-parties.ts';
import type { RelyingParty } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { Facts } from '../../parts/facts.tsx';
import { ItemList } from '../../parts/item-list.tsx';
import { Latin } from '../../parts/latin.tsx';
import { NotFound } from '../../parts/not-found.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { PartyMarks } from '../relying-parties/party-marks.tsx';
import { AddCredentialButton } from './add-credential-button.tsx';
import { ChangeTermsButton } from './change-terms-button.tsx';
import { CredentialRow } from './credential-row.tsx';
import { DisableButton } from './disable-button.tsx';

/** One system that may ask for signatures: what holders read of it, and by which keys it is known. */
export function RelyingPartyPage() {
  const { id } = useParams<{ id: string }>();
  const { t } = useSpeech();
  return (
    <Answer query={useRelyingParties()} page={t('relying-parties.title')}>
      {({ items }) => {
        const party = items.find((one) => one.id === id);
        return party ? <Content party={party} /> : <NotFound />;
      }}
    </Answer>
  );
}

function Content({ party }: { party: RelyingParty }) {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const mayChange = roles.includes('ca-operator');
  const isEnabled = !party.disabledAt;
  return (
    <>
      <PageHeader
        title={party.displayedName}
        actions={
          mayChange && (
            <Group gap="xs">
              {isEnabled && <ChangeTermsButton party={party} />}
              <DisableButton party={party} />
            </Group>
          )
        }
      />
      <Stack>
        <PartyFacts party={party} />
        <Section
          title={t('relying-party.credentials')}
          aside={mayChange && isEnabled && <AddCredentialButton party={party} />}
        >
          <Stack>
            {party.credentials.length === 0 && <Notice tone="warn">{t('relying-party.no-key-text')}</Notice>}
            <ItemList items={party.credentials} empty={null}>
              {(credential) => (
                <CredentialRow
                  key={credential.keyId}
                  party={party}
                  credential={credential}
                  mayRemove={mayChange}
                />
              )}
            </ItemList>
          </Stack>
        </Section>
      </Stack>
    </>
  );
}

function PartyFacts({ party }: { party: RelyingParty }) {
  const { t, format } = useSpeech();
  const { callbackUrls, disabledAt } = party;
  return (
    <Section title={t('relying-party.facts')}>
      <PartyMarks party={party} />
      <Facts
        facts={[
          { name: t('relying-parties.id'), value: <Latin code>{party.id}</Latin> },
          { name: t('relying-parties.patient'), value: t(`patient-view.${party.patientView}`) },
          { name: t('relying-party.registered'), value: format.instant(party.registeredAt) },
          ...(disabledAt
            ? [{ name: t('relying-party.disabled-at'), value: format.instant(disabledAt) }]
            : []),
          {
            name: t('relying-parties.callbacks'),
            wide: true,
            value:
              callbackUrls.length === 0
                ? t('relying-party.no-callbacks')
                : callbackUrls.map((url) => (
                    <div key={url}>
                      <Latin code>{url}</Latin>
                    </div>
                  )),
          },
        ]}
      />
    </Section>
  );
}
