/** Signs reports with the service's own key. */
export interface ReportSealer {
  /** Of the key, in DER; rejects when there is none. */
  certificate(): Promise<Buffer>;
  /** JAdES in its JSON form, with what it takes to validate it in years; rejects when the key is away. */
  seal(payload: Buffer): Promise<Buffer>;
}
