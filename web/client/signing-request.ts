import type { PatientView } from '../../signing/display/display-line.ts';

export interface RequestDocument {
  title: string;
  mediaType?: string;
  /** Base64: shown, and hashed. */
  content?: string;
  /** Hexadecimal, with `displayText`: the document itself stays with whoever asks. */
  sha256?: string;
  displayText?: string;
  /** Of a PDF: what its signature leaves out. */
  signatureStart?: number;
  signatureEnd?: number;
}

/** What waits to be signed. */
export interface SigningRequest {
  id: string;
  displayedName: string;
  patientView: PatientView;
  format: string;
  expiresAt: string;
  algorithm: string;
  /** DER, base64, the signer's certificate first. */
  chain: string[];
  documents: RequestDocument[];
}
