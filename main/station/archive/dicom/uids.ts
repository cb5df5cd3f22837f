/** SOP class and transfer syntaxes that this station writes or must tell apart (PS3.6 Annex A). */
export const vlPhotographicImageStorage = '1.2.840.10008.5.1.4.1.1.77.1.4';
export const jpegBaseline = '1.2.840.10008.1.2.4.50';
export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
export const deflatedExplicitLittleEndian = '1.2.840.10008.1.2.1.99';
export const explicitBigEndian = '1.2.840.10008.1.2.2';
