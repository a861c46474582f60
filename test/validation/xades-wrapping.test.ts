import t from 'tap';
import type { Test } from 'tap';

import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { signXades } from '../../signing/xades/sign-xades.ts';
import { readXades } from '../../validation/xades/read-xades.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { signedXml } from '../support/signed-xml.ts';

// Signature wrapping: what is signed stays in the document and verifies, and something else stands where it stood. After McIntosh and
// Austel, "XML signature element wrapping attacks and countermeasures", and Somorovsky et al., "On breaking SAML".

const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const ENVELOPED = `${NAMESPACE.signature}enveloped-signature`;

const dose = (count: number, id: string) => `<dose Id="${id}" xmlns="urn:his">${count}</dose>`;
/** The signature within what it signs. */
const enveloped = (
  await signedXml(doctor, '<dose Id="a" xmlns="urn:his">1{signature}</dose>', [
    { uri: '#a', transforms: [ENVELOPED, NAMESPACE.exclusive] },
  ])
).toString();
/** The signature beside it. */
const beside = (
  await signedXml(doctor, `<all>${dose(1, 'a')}{signature}</all>`, [
    { uri: '#a', transforms: [NAMESPACE.exclusive] },
  ])
).toString();
const signatureOf = (text: string) => /<Signature .*<\/Signature>/s.exec(text)![0];
const withObject = (text: string, object: string) =>
  signatureOf(text).replace('</Signature>', `<Object>${object}</Object></Signature>`);

t.test('what is attacked is sound', async (t) => {
  for (const text of [enveloped, beside]) await expect(t, text, { indication: 'TOTAL-PASSED' });
});

const NOT_COVERED = { indication: 'INDETERMINATE', subIndication: 'SIG_CONSTRAINTS_FAILURE' };
const REFUSED = { indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' };
const CHANGED = { indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' };

const ATTACKS: Record<string, { text: string; verdict: object }> = {
  'the signed element goes into an Object of its signature, under another': {
    text: `<dose Id="b" xmlns="urn:his">9${withObject(enveloped, dose(1, 'a'))}</dose>`,
    verdict: REFUSED,
  },
  'the signed element goes into an Object, the signature stays beside': {
    text: `<all>${dose(9, 'b')}${withObject(beside, dose(1, 'a'))}</all>`,
    verdict: NOT_COVERED,
  },
  'the signed element goes beside its signature, under another': {
    text: `<dose Id="b" xmlns="urn:his">9${signatureOf(enveloped)}${dose(1, 'a')}</dose>`,
    verdict: REFUSED,
  },
  'the signed element goes, with its signature, under another': {
    text: `<dose Id="b" xmlns="urn:his">9${enveloped}</dose>`,
    verdict: NOT_COVERED,
  },
  'the signed element is put away, another takes its place': {
    text: beside.replace(dose(1, 'a'), `${dose(9, 'b')}<old>${dose(1, 'a')}</old>`),
    verdict: REFUSED,
  },
  'another has the same Id, and comes first': {
    text: beside.replace(dose(1, 'a'), dose(9, 'a') + dose(1, 'a')),
    verdict: REFUSED,
  },
  'another has the same Id, and comes last': {
    text: beside.replace(dose(1, 'a'), dose(1, 'a') + dose(9, 'a')),
    verdict: REFUSED,
  },
  'another has the same value as an ID of another name': {
    text: beside.replace('</all>', '<dose xmlns="urn:his" xml:id="a">9</dose></all>'),
    verdict: REFUSED,
  },
  'another comes beside': {
    text: beside.replace('</all>', `${dose(9, 'b')}</all>`),
    verdict: NOT_COVERED,
  },
  'text comes beside': { text: beside.replace('</all>', '9</all>'), verdict: NOT_COVERED },
  'an attribute comes around': { text: beside.replace('<all>', '<all dose="9">'), verdict: NOT_COVERED },
  'a style sheet comes before all': {
    text: `<?xml-stylesheet href="nine.css"?>${beside}`,
    verdict: NOT_COVERED,
  },
  'a processing instruction comes beside': {
    text: beside.replace('</all>', '<?show 9?></all>'),
    verdict: NOT_COVERED,
  },
  'an Object comes into the signature': {
    text: beside.replace(signatureOf(beside), withObject(beside, dose(9, 'b'))),
    verdict: NOT_COVERED,
  },
  'text comes into an Object of the signature': {
    text: beside.replace(signatureOf(beside), withObject(beside, '9')),
    verdict: NOT_COVERED,
  },
  'a namespace changes around it': {
    text: beside.replace('<dose Id="a" xmlns="urn:his">', '<dose xmlns="urn:other" Id="a">'),
    verdict: CHANGED,
  },
  'a prefix is bound anew': {
    text: beside.replace('>1</dose>', ' xmlns:p="urn:his">1<p:dose xmlns:p="urn:other"/></dose>'),
    verdict: CHANGED,
  },
  'a reference leads to the signature itself': {
    text: beside.replaceAll('"#a"', '"#fixture-signature"'),
    verdict: { indication: 'TOTAL-FAILED' },
  },
};

for (const [name, { text, verdict }] of Object.entries(ATTACKS)) {
  t.test(name, async (t) => {
    await expect(t, text, verdict);
    const { signatures } = read(text);
    for (const { bytes } of signatures.flatMap(({ contents }) => contents))
      if (verdict !== CHANGED)
        t.notMatch(bytes.toString(), /<dose[^>]*>9/, 'rules do not see what was slipped in');
  });
}

t.test('a comment cuts no text in two for those who read what is signed', async (t) => {
  const split = beside.replace('>1</dose>', '><!-- 9 -->1</dose>');
  await expect(t, split, { indication: 'TOTAL-PASSED' });
  const [{ contents }] = read(split).signatures;
  t.equal(contents[0].bytes.toString(), '<dose xmlns="urn:his" Id="a">1</dose>');
});

const xades = (
  await signXades({
    subject: { packaging: 'enveloped', content: Buffer.from('<dose xmlns="urn:his">1</dose>') },
    ...doctor,
    signingTime: NOON,
  })
).toString();
const propertiesOf = /<xades:SignedProperties .*<\/xades:SignedProperties>/s.exec(xades)![0];

const PROPERTIES_ATTACKS: Record<string, string> = {
  'other properties beside the signed ones': xades.replace(
    '<ds:Object>',
    `<ds:Object>${/<xades:QualifyingProperties .*<\/xades:QualifyingProperties>/s.exec(xades)![0].replaceAll('Id="', 'Id="x')}</ds:Object><ds:Object>`,
  ),
  'other properties in their place, the signed ones put away': xades.replace(
    propertiesOf,
    `${propertiesOf.replace('2026-06', '2025-06').replace(/ Id="[^"]*"/, ' Id="x"')}${propertiesOf}`,
  ),
  'the signed ones in an Object, others without an Id in their place': xades
    .replace(propertiesOf, propertiesOf.replace('2026-06', '2025-06').replace(/ Id="[^"]*"/, ''))
    .replace(
      '<ds:Object>',
      `<ds:Object>${propertiesOf.replace('<xades:SignedProperties', `<xades:SignedProperties xmlns:xades="${NAMESPACE.xades}"`)}</ds:Object><ds:Object>`,
    ),
  'properties of another signature': xades.replace('Target="#id-', 'Target="#id-0'),
  'a Reference without the type of properties': xades.replace(
    / Type="http:\/\/uri\.etsi\.org\/01903#SignedProperties"/,
    '',
  ),
  'another time': xades.replace('2026-06-15', '2026-06-14'),
};

for (const [name, text] of Object.entries(PROPERTIES_ATTACKS)) {
  t.test(`properties: ${name}`, async (t) => {
    await expect(t, text, { indication: 'TOTAL-FAILED' });
  });
}

t.test('no octet of what is signed, nor of the value, can be another', async (t) => {
  const from = xades.indexOf('<dose');
  const unsignedId = /<ds:SignatureValue Id="[^"]+"/.exec(xades)!;
  const passed: string[] = [];
  for (let at = from; at < xades.length; at += 1) {
    if (at >= unsignedId.index + 19 && at < unsignedId.index + unsignedId[0].length - 1) continue;
    const octet = String.fromCharCode(xades.charCodeAt(at) ^ 1);
    const changed = xades.slice(0, at) + octet + xades.slice(at + 1);
    if (isGenuine(changed)) passed.push(changed.slice(at - 20, at + 20));
  }
  t.strictSame(passed, []);
  t.ok(isGenuine(xades));
});

function isGenuine(text: string): boolean {
  try {
    const { signatures, reasons } = read(text);
    if (signatures.length === 0) return false;
    const [{ signingCertificate, verify, reasons: own }] = signatures;
    const { certificate } = signingCertificate;
    return (
      reasons.length + own.length === 0 &&
      certificate !== undefined &&
      verify(certificate).verdict === 'PASSED'
    );
  } catch (error) {
    if ((error as { code?: string }).code !== 'xml-malformed') throw error;
    return false;
  }
}

function read(text: string) {
  return readXades({ signature: Buffer.from(text), signingCertificateReference: 'checked-if-present' });
}

async function expect(t: Test, text: string, verdict: object): Promise<void> {
  const { reasons, ...found } = await deployment.validate(Buffer.from(text));
  t.match(found, verdict, reasons.map((reason) => reason.text).join('; '));
}
