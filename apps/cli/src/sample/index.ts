/** Sample members, claim files and corrections, made from a seed. */
export { SampleError, writeSample, type SampleOptions } from './write-sample';
export type { SampleCorrection } from './person';
export {
  BAD_TRAILER_FILE,
  CORRECTIONS_FILE,
  MANIFEST_FILE,
  MEMBERS_FILE,
  NOTICE,
  type ManifestClaimFile,
  type SampleManifest,
} from './manifest';
