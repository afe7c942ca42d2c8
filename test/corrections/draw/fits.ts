/** Which streams of a person a kind of correction has something to say of: the others it would mostly be refused of. */
import type { CorrectionKind } from '#libs/dossiers';
import { lineageCodes, type TrajectoryFacts } from '#libs/trajectory';
import { TURNING_CODES } from '../../oracle/persons/annex';
import { EPISODE_CODES } from '../../oracle/persons/paperwork';
import { COPD_CODE, SEVERE_CODES, standingOf } from '../../oracle/rules/diagnoses';

export type Fits = (stream: TrajectoryFacts) => boolean;

/** Whiplash and its closed code: the only terms that can be extended. */
const EXTENDABLE = ['3038', '3138', '1323'];

const under =
  (codes: readonly string[]): Fits =>
  (stream) =>
    lineageCodes(stream).some((code) => codes.includes(code));
const hasSeveralItems: Fits = (stream) =>
  lineageCodes(stream).some((code) => {
    const standing = standingOf(code);
    return standing.kind === 'open' && standing.code.items.length > 1;
  });
const isAnnex: Fits = ({ regime, sessions }) => regime === 'annex' && sessions.size > 0;

/** A kind that is not here fits everybody. */
export const FITS: Partial<Record<CorrectionKind, Fits>> = {
  'record-switch': isAnnex,
  'import-history': isAnnex,
  'remap-diagnosis': isAnnex,
  'revert-remap': ({ remaps }) => remaps.length > 0,
  'move-session': ({ sessions }) => sessions.size > 0,
  'move-session-to-person': ({ sessions }) => sessions.size > 0,
  'verify-history': ({ histories }) => histories.some(({ status }) => status === 'asserted'),
  'revert-absorption': ({ remaps, absorbedInto }) => remaps.length > 0 || absorbedInto !== null,
  'retract-history': ({ histories }) => histories.length > 0,
  'state-clinical-facts': (stream) => isAnnex(stream) && under(TURNING_CODES)(stream),
  'confirm-condition': (stream) => isAnnex(stream) && hasSeveralItems(stream),
  'confirm-new-episode': under(EPISODE_CODES),
  'change-care-class': ({ regime }) => regime === 'copd',
  'extend-term': under(EXTENDABLE),
  'grant-authorisation': under([...Object.keys(SEVERE_CODES), COPD_CODE, '9093', '4090']),
  'retract-statement': ({ statements }) => statements.length > 0,
  'override-decision': ({ sessions }) => sessions.size > 0,
  'end-override': ({ overrides }) => overrides.size > 0,
};
