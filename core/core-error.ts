/** The codes of every expected refusal in core/, carried by `DomainError<CoreErrorCode>`. */
export type CoreErrorCode =
  | 'national-id-malformed'
  | 'national-id-checksum'
  | 'council-group-unknown'
  | 'council-number-malformed'
  | 'jalali-date-malformed'
  | 'json-not-canonicalizable'
  | 'duration-malformed';
