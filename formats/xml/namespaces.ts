/** Namespaces of XML signatures and of what XAdES puts into them. */
export const NAMESPACE = {
  xml: 'http://www.w3.org/XML/1998/namespace',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  pss: 'http://www.w3.org/2007/05/xmldsig-more#',
  xades: 'http://uri.etsi.org/01903/v1.3.2#',
  xades141: 'http://uri.etsi.org/01903/v1.4.1#',
  asic: 'http://uri.etsi.org/02918/v1.2.1#',
} as const;
