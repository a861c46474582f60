/** Refuses an issuing CA that may not issue at this moment; throws CaError `authority-revoked` (also while it is held). */
export type CheckAuthority = (authorityId: string) => Promise<void>;
