import { errorCode } from '../../../../shared/domain/errors.ts';
import type { ExposureValues } from '../source.ts';
import type { PtpClient } from './client.ts';
import { readDate } from './datasets/dates.ts';
import { CLOCK_PROPERTY, EXPOSURE_PROPERTY, exposureNumber, whiteBalanceName } from './datasets/exposure.ts';
import type { PtpValue } from './datasets/values.ts';
import { PtpResponseError } from './errors.ts';

/** How the device is set; null when it tells none of it. @throws PtpTransportError */
export async function readExposure(client: PtpClient): Promise<ExposureValues | null> {
  const number = async (property: number) => {
    const value = await currentValue(client, property);
    return value === null ? null : exposureNumber(property, value);
  };
  const whiteBalance = await currentValue(client, EXPOSURE_PROPERTY.whiteBalance);
  const values: ExposureValues = {
    fNumber: await number(EXPOSURE_PROPERTY.fNumber),
    exposureSeconds: await number(EXPOSURE_PROPERTY.exposureTime),
    iso: await number(EXPOSURE_PROPERTY.iso),
    whiteBalance: whiteBalance === null ? null : whiteBalanceName(whiteBalance),
    focalLengthMm: await number(EXPOSURE_PROPERTY.focalLength),
  };
  return Object.values(values).every((value) => value === null) ? null : values;
}

/** How far the device's clock is ahead, ms; it tells whole seconds, so half of one is added. Null when it does not tell. */
export async function readClockOffset(client: PtpClient): Promise<number | null> {
  const askedAt = Date.now();
  const value = await currentValue(client, CLOCK_PROPERTY);
  const date = typeof value === 'string' ? readDate(value) : null;
  return date && Math.round(date.at + 500 - (askedAt + Date.now()) / 2);
}

async function currentValue(client: PtpClient, property: number): Promise<PtpValue | null> {
  if (!client.info.properties.has(property)) return null;
  try {
    return (await client.property(property)).current;
  } catch (error) {
    if (error instanceof PtpResponseError || errorCode(error) === 'device-dataset') return null;
    throw error;
  }
}
