/** What a policy says on one date, as a person reads it: each value with its dates and the text it rests on. */
import type { ConditionPeriod, InsurerRule, PolicyDocument, ThresholdByStart, Validity } from '#libs/coverage';

/** A value in force, as text, with where it comes from. `through` null = still in force. */
export interface ValueInForce {
  readonly value: string;
  readonly from: string;
  readonly through: string | null;
  readonly source: string;
}

export interface ConditionOnDate {
  readonly id: string;
  readonly name: string;
  readonly regime: string;
  /** `open`, or months and anchor; then whatever ends it earlier. */
  readonly term: string;
  /** Sessions and window; null = no cap. */
  readonly cap: string | null;
  /** First sessions that an adult bears in a trajectory that starts on the date; null = the condition knows no threshold. */
  readonly threshold: { readonly sessions: number; readonly source: string } | null;
  readonly from: string;
  readonly through: string | null;
  readonly source: string;
}

export interface InsurerOnDate {
  readonly insurer: string;
  readonly name: string;
  readonly packages: readonly (ValueInForce & { readonly name: string })[];
  /** Everything else that it lays down. */
  readonly terms: readonly (ValueInForce & { readonly name: string })[];
}

export interface PolicyOnDate {
  readonly version: string;
  readonly digest: string;
  readonly scenario: string | null;
  readonly on: string;
  readonly conditions: readonly ConditionOnDate[];
  readonly insurers: readonly InsurerOnDate[];
  readonly parameters: readonly (ValueInForce & { readonly name: string })[];
  /** Release of the diagnosis list, with its number of open codes. */
  readonly diagnoses: ValueInForce;
}

/**
 * The values in force on a date. As for a session on it: a condition, a parameter and a term of an insurer hold before their first
 * date too; packages and thresholds of one condition only within theirs.
 * @param on YYYY-MM-DD
 */
export function policyOn(policy: { readonly document: PolicyDocument; readonly digest: string }, on: string): PolicyOnDate {
  const { document, digest } = policy;
  const release = latest(document.diagnoses, on);
  return {
    version: document.version,
    digest,
    scenario: document.scenario?.name ?? null,
    on,
    conditions: document.conditions.map((rule) => {
      const period = latest(rule.periods, on);
      return {
        id: rule.id,
        name: rule.name.en,
        regime: rule.regime,
        term: termText(period),
        cap: capText(period),
        threshold: rule.regime === 'annex' ? thresholdOf(document, rule.id, on) : null,
        ...datesOf(period),
        source: sourceText(period),
      };
    }),
    insurers: document.insurers.map((rule) => insurerOn(rule, on)),
    parameters: document.interpretations.map(({ name, values, reason }) => {
      const row = latest(values, on);
      return { name, value: String(row.value), ...datesOf(row), source: reason };
    }),
    diagnoses: {
      value: `release ${release.release}, ${release.rows.reduce((sum, row) => sum + row.locations.length, 0)} open codes`,
      ...datesOf(release),
      source: release.source,
    },
  };
}

/** The row that began last on or before the date, else the first: as the engine reads a series. */
function latest<R extends Validity>(rows: readonly R[], on: string): R {
  const begun = rows.filter((row) => row.from <= on).sort((a, b) => (a.from < b.from ? 1 : -1));
  const row = begun[0] ?? rows[0];
  if (row === undefined) throw new TypeError('a checked series has at least one value');
  return row;
}

const holdsOn = (row: Validity, on: string): boolean => row.from <= on && (row.through === undefined || row.through >= on);
const datesOf = ({ from, through }: Validity): { from: string; through: string | null } => ({ from, through: through ?? null });
const sourceText = ({ source, interpretations = [] }: ConditionPeriod): string =>
  interpretations.length === 0 ? source : `${source} (interpretation ${interpretations.join(', ')})`;

function termText({
  term,
  ageBelow,
  extension,
  start,
  reachesPackage,
  noStartFrom,
  endsOn,
  newEpisode,
}: ConditionPeriod): string {
  return [
    term === 'open' ? 'open' : `${term.months} months from ${term.anchor}`,
    ageBelow === undefined ? '' : `until the age of ${ageBelow}`,
    extension === undefined ? '' : `an extension of at most ${extension.months} months when confirmed`,
    start === undefined ? '' : `to start within ${start.withinMonths} months of ${start.of}`,
    noStartFrom === undefined ? '' : `no start from ${noStartFrom}`,
    endsOn === undefined ? '' : `ends on ${endsOn}`,
    reachesPackage === false ? 'never from a package' : '',
    newEpisode === 'allowed' ? 'new episode possible' : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function capText({ cap }: ConditionPeriod): string | null {
  if (cap === undefined) return null;
  const classes = (cap.classes ?? []).map(({ id, first, following }) => `${id}: ${first}, then ${following}`);
  return `${cap.count ?? classes.join('; ')} per ${cap.per}`.replace('per once', 'once');
}

function thresholdOf({ thresholds }: PolicyDocument, id: string, on: string): { sessions: number; source: string } {
  const own = thresholds.byCondition.find((row) => row.condition === id && holdsOn(row, on));
  if (own !== undefined) return { sessions: own.sessions, source: own.source };
  const startsIn = ({ startedFrom, startedThrough }: ThresholdByStart): boolean =>
    (startedFrom ?? on) <= on && (startedThrough ?? on) >= on;
  const general = thresholds.byStart.find(startsIn);
  return { sessions: general?.sessions ?? 0, source: general?.source ?? '' };
}

function insurerOn(rule: InsurerRule, on: string): InsurerOnDate {
  const packages = rule.packages.flatMap(({ name, periods }) => {
    const period = periods.find((each) => holdsOn(each, on));
    if (period === undefined) return [];
    const manual = period.manualLimit === undefined ? '' : `, of which ${period.manualLimit} manual therapy`;
    const value = `${period.limit === null ? 'no limit' : `${period.limit} sessions`} a calendar year${manual}`;
    const assumed = period.assumption === undefined ? '' : ` (assumption: ${period.assumption})`;
    return [{ name, value, ...datesOf(period), source: `${period.source}${assumed}` }];
  });
  const term = <T>(
    name: string,
    rows: readonly (Validity & { value: T; source: string })[],
    text: (row: Validity & { value: T }) => string,
  ) => {
    const row = latest(rows, on);
    return { name, value: text(row), ...datesOf(row), source: row.source };
  };
  const needsConsent = (rule.authorisationFor ?? []).filter((row) => holdsOn(row, on) && row.value.length > 0);
  const yesNo = ({ value }: { readonly value: boolean }): string => (value ? 'yes' : 'no');
  const codes = (rule.performances ?? [])
    .filter((row) => holdsOn(row, on))
    .map((row) => ({
      name: `performances ${row.codes.join(', ')}`,
      value: `${row.accepted ? 'accepted' : 'not accepted'}${row.lists === undefined ? '' : ` in list ${row.lists.join(', ')}`}`,
      ...datesOf(row),
      source: row.source,
    }));
  return {
    insurer: rule.insurer,
    name: rule.name,
    packages,
    terms: [
      term('paysProviderInFull', rule.paysProviderInFull, yesNo),
      term('claimTimeLimitMonths', rule.claimTimeLimitMonths, ({ value }) => (value === null ? 'no limit' : `${value} months`)),
      term(
        'closedCodeGrace',
        rule.closedCodeGrace,
        ({ value: { sessionsThrough, trajectoryStartedBefore } }) =>
          `sessions through ${sessionsThrough}${trajectoryStartedBefore === undefined ? '' : `, in trajectories started before ${trajectoryStartedBefore}`}`,
      ),
      term(
        'overCapUsesSupplementary',
        rule.overCapUsesSupplementary,
        (row: Validity & { value: boolean; except?: readonly string[] }) =>
          `${yesNo(row)}${row.except === undefined || row.except.length === 0 ? '' : `, except ${row.except.join(', ')}`}`,
      ),
      term('deductibleExemptions', rule.deductibleExemptions, ({ value }) => value.join(', ') || 'none'),
      ...(needsConsent.length === 0
        ? []
        : [term('authorisationFor', needsConsent, ({ value }) => `needed for ${value.join(', ')}`)]),
      ...codes,
    ],
  };
}
