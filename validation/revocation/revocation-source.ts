/**
 * Where CRLs and OCSP responses of other authorities can be asked for. The addresses stand in certificates that anybody may
 * send: an implementation asks only those whom the deployment named, within limits of size and time, and answers undefined
 * for everything else, and for every failure.
 */
export interface RevocationSource {
  crl(uri: string): Promise<Buffer | undefined>;
  ocsp(uri: string, request: Buffer): Promise<Buffer | undefined>;
}
