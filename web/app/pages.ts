import type { ComponentType } from 'react';

import type { Role } from '../client/types.ts';
import { ApplicationPage } from '../pages/application/application-page.tsx';
import { BlockPage } from '../pages/block/block-page.tsx';
import { CardPage } from '../pages/card/card-page.tsx';
import { CardDeliveriesPage } from '../pages/card-deliveries/card-deliveries-page.tsx';
import { CardsPage } from '../pages/cards/cards-page.tsx';
import { CertificatePage } from '../pages/certificate/certificate-page.tsx';
import { CertificatesPage } from '../pages/certificates/certificates-page.tsx';
import { DashboardPage } from '../pages/dashboard/dashboard-page.tsx';
import { FilePage } from '../pages/file/file-page.tsx';
import { HolderPage } from '../pages/holder/holder-page.tsx';
import { InspectionPage } from '../pages/inspection/inspection-page.tsx';
import { InspectionsPage } from '../pages/inspections/inspections-page.tsx';
import { OfficePage } from '../pages/office/office-page.tsx';
import { OfficesPage } from '../pages/offices/offices-page.tsx';
import { PasskeysPage } from '../pages/passkeys/passkeys-page.tsx';
import { PersonalisePage } from '../pages/personalise/personalise-page.tsx';
import { QueuePage } from '../pages/queue/queue-page.tsx';
import { RelyingPartiesPage } from '../pages/relying-parties/relying-parties-page.tsx';
import { RelyingPartyPage } from '../pages/relying-party/relying-party-page.tsx';
import { SignInPage } from '../pages/sign-in/sign-in-page.tsx';

/** `public`: without signing in; `signed-in`: every role; else the roles that have work there. */
export type PageAccess = 'public' | 'signed-in' | readonly Role[];

export interface ConsolePage {
  /** In the router's pattern language; the service sends the console for these (api/console/console-paths.ts). */
  path: string;
  access: PageAccess;
  component: ComponentType;
}

const CASE_ROLES: readonly Role[] = [
  'clerk',
  'approving-officer',
  'office-manager',
  'ca-operator',
  'auditor',
];

const CARD_ROLES: readonly Role[] = [...CASE_ROLES, 'security-officer'];
const DELIVERY_ROLES: readonly Role[] = ['ca-operator', 'security-officer', 'auditor'];
const MANAGING_ROLES: readonly Role[] = ['office-manager', 'ca-operator', 'security-officer', 'auditor'];
const INSPECTION_ROLES: readonly Role[] = ['security-officer', 'auditor', 'office-manager'];

/** Every page. The first that fits is shown. */
export const PAGES: readonly ConsolePage[] = [
  { path: '/', access: 'signed-in', component: QueuePage },
  { path: '/sign-in', access: 'public', component: SignInPage },
  { path: '/block', access: 'public', component: BlockPage },
  { path: '/applications/new', access: ['clerk'], component: FilePage },
  { path: '/applications/:id', access: CASE_ROLES, component: ApplicationPage },
  { path: '/applications/:id/edit', access: ['clerk'], component: FilePage },
  { path: '/applications/:id/card', access: CASE_ROLES, component: PersonalisePage },
  { path: '/certificates', access: CASE_ROLES, component: CertificatesPage },
  { path: '/certificates/:authority/:serialNumber', access: CASE_ROLES, component: CertificatePage },
  { path: '/holders/:nationalId', access: CASE_ROLES, component: HolderPage },
  { path: '/cards', access: CARD_ROLES, component: CardsPage },
  { path: '/cards/:id', access: CARD_ROLES, component: CardPage },
  { path: '/card-deliveries', access: DELIVERY_ROLES, component: CardDeliveriesPage },
  { path: '/offices', access: MANAGING_ROLES, component: OfficesPage },
  { path: '/offices/:id', access: MANAGING_ROLES, component: OfficePage },
  { path: '/inspections', access: INSPECTION_ROLES, component: InspectionsPage },
  { path: '/inspections/:id', access: INSPECTION_ROLES, component: InspectionPage },
  { path: '/relying-parties', access: DELIVERY_ROLES, component: RelyingPartiesPage },
  { path: '/relying-parties/:id', access: DELIVERY_ROLES, component: RelyingPartyPage },
  {
    path: '/dashboard',
    access: MANAGING_ROLES,
    component: DashboardPage,
  },
  { path: '/passkeys', access: 'signed-in', component: PasskeysPage },
];
