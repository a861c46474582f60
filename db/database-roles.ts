/** Roles of the server that the table `database_grant` grants rights to, each with the process that logs in as its member. */
export const DATABASE_ROLES = [
  { name: 'mohr_ra', member: 'mohr serve --roles ra' },
  { name: 'mohr_ca', member: 'mohr serve --roles ca' },
  { name: 'mohr_ocsp', member: 'mohr serve --roles ocsp' },
  { name: 'mohr_crl', member: 'mohr serve --roles crl' },
  { name: 'mohr_audit', member: 'mohr fsck' },
] as const;
