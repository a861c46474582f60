import { Button } from '@mantine/core';

import { useOfficer } from '../../app/officer-context.ts';
import type { OfficerOfOffice } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import type { Translate } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';
import { ItemRow } from '../../parts/item-list.tsx';
import { rolesText } from '../../parts/roles-text.ts';
import { DialogButton } from './dialog-button.tsx';
import { EndSessionsDialog } from './end-sessions-dialog.tsx';
import { LoginLinkDialog } from './login-link-dialog.tsx';
import { OfficerCertificatesDialog } from './officer-certificates-dialog.tsx';
import { ProposeDialog } from './propose-dialog.tsx';
import { RolesDialog } from './roles-dialog.tsx';

/** An officer, and what a manager may do; nobody changes their own roles. */
export function OfficerRow({ officer, mayManage }: { officer: OfficerOfOffice; mayManage: boolean }) {
  const { t } = useSpeech();
  const self = useOfficer();
  const isRemoved = officer.removedAt !== undefined;
  return (
    <ItemRow
      title={<bdi>{officer.name}</bdi>}
      mark={isRemoved && <Badge tone="quiet">{t('officers.removed')}</Badge>}
      detail={`${rolesText(officer.roles, t)} · ${passkeysText(officer, t)}`}
      action={
        mayManage &&
        officer.id !== self.id &&
        (isRemoved ? <Restore officer={officer} /> : <Actions officer={officer} />)
      }
    />
  );
}

function Restore({ officer }: { officer: OfficerOfOffice }) {
  const { t } = useSpeech();
  return (
    <DialogButton label={t('officers.restore')}>
      {(dialog) => <ProposeDialog officer={officer} kind="restore" {...dialog} />}
    </DialogButton>
  );
}

function Actions({ officer }: { officer: OfficerOfOffice }) {
  const { t } = useSpeech();
  return (
    <Button.Group>
      {officer.passkeys === 0 ? (
        <DialogButton label={t('officers.link')}>
          {(dialog) => <LoginLinkDialog officer={officer} {...dialog} />}
        </DialogButton>
      ) : (
        <DialogButton label={t('officers.reset')}>
          {(dialog) => <ProposeDialog officer={officer} kind="reset" {...dialog} />}
        </DialogButton>
      )}
      <DialogButton label={t('officers.set-roles')}>
        {(dialog) => <RolesDialog officer={officer} {...dialog} />}
      </DialogButton>
      <DialogButton label={t('officers.end-sessions')}>
        {(dialog) => <EndSessionsDialog officer={officer} {...dialog} />}
      </DialogButton>
      <DialogButton label={t('officers.certificates')}>
        {(dialog) => <OfficerCertificatesDialog officer={officer} {...dialog} />}
      </DialogButton>
      <DialogButton label={t('officers.remove')}>
        {(dialog) => <ProposeDialog officer={officer} kind="remove" {...dialog} />}
      </DialogButton>
    </Button.Group>
  );
}

function passkeysText({ passkeys }: OfficerOfOffice, t: Translate): string {
  return passkeys === 0 ? t('officers.no-passkey') : t('officers.passkeys', { count: passkeys });
}
