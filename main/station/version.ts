/** The version that goes into objects, certificates and the door: that of package.json, checked by a test. */
export const VERSION = '0.1.0';
