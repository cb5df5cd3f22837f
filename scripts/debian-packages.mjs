// The Debian packages Photodock needs, and why. "a|b": either will do (names differ between Debian 12 and later releases).

/** What `npm start` needs. */
export const productPackages = [
  // Electron: https://www.electronjs.org/docs/latest/tutorial/installation and `ldd electron`
  'libgtk-3-0|libgtk-3-0t64',
  'libnss3',
  'libasound2|libasound2t64',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libsecret-1-0', // the key store of the desktop (gnome-libsecret)
  'libatspi2.0-0|libatspi2.0-0t64', // screen readers
  'fonts-inter',
  'fonts-dejavu-core', // Greek, Cyrillic and symbols in names
  'fonts-ipafont-gothic', // Japanese names
  // a display where there is none
  'xvfb',
  'xauth',
  // building @journeyapps/sqlcipher, which ships as source
  'python3',
  'make',
  'g++',
  'libssl-dev',
];

/** What `npm test` needs on top: real archives, worklists, checkers, camera file tools and card filesystems. */
export const testPackages = [
  'orthanc',
  'orthanc-dicomweb',
  'dcmtk', // wlmscpfs, storescp, dcmdump
  'dicom3tools', // dciodvfy
  'libimage-exiftool-perl',
  'libheif-examples', // heif-enc makes HEIC pictures
  'ffmpeg',
  'libjpeg-turbo-progs', // djpeg, jpegtran: pixel streams compared by other code than ours
  'poppler-utils', // reads the printed certificate back
  'python3-pydicom', // the tables the term list is built from
  'python3-fusepy', // a card that answers another byte on the second read
  'umockdev', // an emulated USB bus: cameras, phones and HID devices without hardware
  'gir1.2-umockdev-1.0',
  'python3-gi',
  'gphoto2', // reads the emulated camera as other code than ours
  'fuse3',
  'exfat-fuse',
  'exfatprogs',
  'fusefat',
  'dosfstools',
  'e2fsprogs',
];
