import { Button, Modal } from '@mantine/core';
import { useState } from 'react';

import { useOfficerCertificates } from '../../client/officer-certificates.ts';
import type { OfficerCertificate, OfficerOfOffice } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { Badge } from '../../parts/badge.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { Latin } from '../../parts/latin.tsx';
import type { DialogState } from './dialog-button.tsx';
import { RevokeOfficerCertificate } from './revoke-officer-certificate.tsx';

/** An officer's certificates; one that is lost is revoked from here. */
export function OfficerCertificatesDialog({
  officer,
  isOpen,
  onClose,
}: DialogState & { officer: OfficerOfOffice }) {
  const { t } = useSpeech();
  const certificates = useOfficerCertificates(officer.id, isOpen);
  const [chosen, setChosen] = useState<OfficerCertificate>();
  return (
    <>
      <Modal
        opened={isOpen && chosen === undefined}
        onClose={onClose}
        size="lg"
        title={<strong>{t('officers.certificates-title', { name: `\u2068${officer.name}\u2069` })}</strong>}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        <Answer query={certificates}>
          {({ items }) => (
            <ItemList items={items} empty={t('officers.certificates-none')}>
              {(one) => (
                <CertificateItem
                  key={`${one.authority}/${one.serialNumber}`}
                  certificate={one}
                  onRevoke={() => setChosen(one)}
                />
              )}
            </ItemList>
          )}
        </Answer>
      </Modal>
      {chosen && (
        <RevokeOfficerCertificate
          officer={officer}
          certificate={chosen}
          onClose={() => setChosen(undefined)}
        />
      )}
    </>
  );
}

function CertificateItem({
  certificate: { serialNumber, notAfter, isGood },
  onRevoke,
}: {
  certificate: OfficerCertificate;
  onRevoke: () => void;
}) {
  const { t, format } = useSpeech();
  return (
    <ItemRow
      title={<Latin code>{serialNumber}</Latin>}
      mark={!isGood && <Badge tone="quiet">{t('officers.certificate-ended')}</Badge>}
      detail={t('officers.certificate-until', { until: format.day(notAfter) })}
      action={
        isGood && (
          <Button variant="default" size="sm" onClick={onRevoke}>
            {t('officers.certificate-revoke')}
          </Button>
        )
      }
    />
  );
}
