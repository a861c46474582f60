import type { CscHouse } from '../../signing/csc/csc-authorization.ts';
import type { OauthServer } from '../../signing/csc/oauth-server.ts';

/** What the routes of the CSC API and of its OAuth pages call; wired in `cli`. */
export interface CscServices {
  house: CscHouse;
  oauth: OauthServer;
  /** Address that all of it is below of: issuer and `oauth2` of `info`. */
  baseUrl: string;
}

/** Where it is mounted. */
export const CSC_PREFIX = '/csc';

/** As they stand among all services, which routes look at when they are called. */
export interface CscRouteServices {
  csc: CscServices;
}
