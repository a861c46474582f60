import type { Signer } from '../../keys/signer.ts';
import type { Certificate } from '../../pki/certificate.ts';

/** An issuing CA that this process can sign for: its certificate, its chain and its key. */
export interface Authority {
  /** Slug in URLs and rows, e.g. `bronze`; a new key generation is a new authority. */
  id: string;
  /** Level of assurance, 1 Bronze … 4 Platinum. */
  assuranceLevel: number;
  certificate: Certificate;
  /** From the issuer of the certificate up to and including the root. */
  chain: Certificate[];
  signer: Signer;
  /** Number of CRL shards; the leaf's CDP names its own. */
  crlShards: number;
  /** Earlier key generation that this one goes on for. */
  successorOf?: string;
  /** Ids of the profiles that it offers; absent: all of its level. */
  profiles?: readonly string[];
  /** What its certificates say of the house; absent: what the deployment says. */
  names?: AuthorityNames;
}

/** What certificates of this deployment say about the house; the same for all authorities. */
export interface DeploymentNames {
  /** Base of CDP and AIA addresses, without a slash at the end; http, not https (RFC 5280 §8). */
  publicUrl: string;
  /** Arc below which the sector's own object identifiers hang. */
  oidArc: string;
  /** Arc of the national assurance levels; the level is its last component. */
  nationalPolicyArc: string;
  cpsUri: string;
  /** organizationName of the CA's own certificates. */
  organization: string;
  /** organizationName of the body that admits to the profession. */
  admissionAuthority: string;
}

/** What an authority of another sector says for itself; the address is the deployment's. */
export type AuthorityNames = Omit<DeploymentNames, 'publicUrl'>;
