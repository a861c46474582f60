/** Addresses of the console's pages (web/app/pages.ts), as the router here names them; `test/web/pages.test.ts` holds both together. */
export const CONSOLE_PATHS = [
  '/',
  '/sign-in',
  '/block',
  '/applications/new',
  '/applications/:id',
  '/applications/:id/edit',
  '/certificates',
  '/certificates/:authority/:serialNumber',
  '/holders/:nationalId',
  '/offices',
  '/offices/:id',
  '/inspections',
  '/inspections/:id',
  '/dashboard',
  '/passkeys',
] as const;
