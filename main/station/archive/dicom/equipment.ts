import { codeItem } from './coded-concept.ts';
import type { Dataset } from './dataset.ts';
import { asDateTime, type DicomTime } from './date-time.ts';
import { descriptiveText } from './descriptive-text.ts';
import type { InstanceInput } from './instance-input.ts';

/** PS3.16 CID 7005. */
const importer = { scheme: 'DCM', code: 'MEDIM', meaning: 'Portable Media Importer Equipment' };
const modifier = { scheme: 'DCM', code: '109103', meaning: 'Modifying Equipment' };

/** General Equipment module (PS3.3 C.7.5.1): the camera made the picture, so the camera is the equipment. */
export function equipmentModule({ acquisition: { camera }, station }: InstanceInput): Dataset {
  return {
    Manufacturer: descriptiveText(camera.make, 64), // Type 2: empty when the camera is unknown
    ManufacturerModelName: descriptiveText(camera.model, 64) ?? undefined,
    DeviceSerialNumber: descriptiveText(camera.serial, 64) ?? undefined,
    SoftwareVersions: descriptiveText(camera.software, 64) ?? undefined,
    InstitutionName: descriptiveText(station.institution, 64) ?? undefined,
    InstitutionalDepartmentName: descriptiveText(station.department, 64) ?? undefined,
    StationName: descriptiveText(station.name, 16) ?? undefined,
  };
}

/** Contributing Equipment (SOP Common, C.12.1): this station imported the picture, and says so if it also made new pixels. */
export function contributingEquipment({ station, record }: InstanceInput, content: DicomTime): Dataset {
  const common: Dataset = {
    Manufacturer: descriptiveText(station.manufacturer, 64) ?? undefined,
    ManufacturerModelName: 'Photodock',
    SoftwareVersions: descriptiveText(station.softwareVersion, 64) ?? undefined,
    StationName: descriptiveText(station.name, 16) ?? undefined,
    InstitutionName: descriptiveText(station.institution, 64) ?? undefined,
    InstitutionalDepartmentName: descriptiveText(station.department, 64) ?? undefined,
    ContributionDateTime: asDateTime(content),
  };
  const imported: Dataset = {
    ...common,
    PurposeOfReferenceCodeSequence: [codeItem(importer)],
    ContributionDescription: 'Imported and wrapped; metadata segments removed from the JPEG stream',
  };
  if (record.derivation === 'none') return { ContributingEquipmentSequence: [imported] };
  const modified: Dataset = {
    ...common,
    PurposeOfReferenceCodeSequence: [codeItem(modifier)],
    ContributionDescription: descriptiveText(record.derivation.description, 1024) ?? undefined,
  };
  return { ContributingEquipmentSequence: [imported, modified] };
}
