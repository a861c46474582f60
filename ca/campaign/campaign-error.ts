import { DomainError } from '../../core/errors.ts';
import type { DomainErrorOptions } from '../../core/errors.ts';

export type CampaignErrorCode =
  | 'roster-header'
  | 'row-malformed'
  | 'row-too-long'
  | 'column-missing'
  | 'request-not-base64'
  | 'request-repeated'
  | 'renewal-proof-missing'
  | 'renewal-proof-malformed'
  | 'renewal-proof-wrong'
  | 'replaced-certificate-unknown'
  | 'replaced-certificate-not-valid'
  | 'replaced-certificate-of-another'
  | 'serial-malformed'
  | 'certificate-ended'
  | 'campaign-running'
  | 'usage'
  | 'results-unwritable';

/** A refusal by a campaign: of one row, or of the roster. */
export class CampaignError extends DomainError<CampaignErrorCode> {
  constructor(code: CampaignErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'CampaignError';
  }
}
