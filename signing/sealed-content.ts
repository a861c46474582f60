/** What was sealed, and which key opens it. */
export interface SealedContent {
  keyId: string;
  sealed: Buffer;
}

/** Keeps content from whoever has the database only; it opens under the id that it was sealed with. */
export interface Vault {
  seal(id: string, content: Uint8Array): Promise<SealedContent>;
  unseal(id: string, content: SealedContent): Promise<Buffer>;
}
