/** Shape of the policy document. Unknown keys are refused, so that a misspelt rule is never silently left out. */
import { isIsoDate, type PolicyDocument } from '#libs/coverage';
import { z } from 'zod';

const MAX_ROWS = 10_000;
const date = z.string('must be a date YYYY-MM-DD').refine(isIsoDate, 'is not an existing date YYYY-MM-DD');
const text = z.string().min(1, 'must not be empty').max(500);
const digits = (count: number) =>
  z.string(`must be ${count} digits in quotes`).regex(new RegExp(`^\\d{${count}}$`), `must be ${count} digits in quotes`);
const count = z.int('must be a whole number').min(0, 'must not be negative').max(10_000);
const name = z.strictObject({ nl: text, en: text });
const validity = { from: date, through: date.optional() };
const id = z.string('must be a text').min(1).max(40);
const list = <T extends z.ZodType>(each: T) => z.array(each).max(MAX_ROWS);
const series = <T extends z.ZodType>(each: T) => list(each).min(1, 'needs at least one dated value');

const regime = z.enum([
  'annex',
  'child',
  'pelvic',
  'peripheral-arterial',
  'osteoarthritis',
  'copd',
  'covid',
  'covid-extended',
  'fall-prevention',
]);
const therapy = z.enum(['physiotherapy', 'exercise']);
const selector = z.strictObject({ kind: id.optional(), therapy: therapy.optional() });

const interpretation = z.strictObject({
  name: id,
  values: series(z.strictObject({ ...validity, value: z.union([z.string(), z.number(), z.boolean(), z.null()]) })),
  reason: text,
});

const term = z.union(
  [
    z.literal('open'),
    z.strictObject({
      months: z.int().min(1).max(600),
      anchor: z.enum([
        'first-session',
        'discharge',
        'first-session-after-discharge',
        'end-of-conservative-treatment',
        'last-radiation',
      ]),
    }),
  ],
  'must be `open` or { months, anchor }',
);

const cap = z.strictObject({
  count: count.optional(),
  per: z.enum(
    ['once', 'term', 'treatment-year', 'calendar-year', 'twelve-months'],
    'a cap needs its window: once, term, treatment-year, calendar-year or twelve-months',
  ),
  classes: list(
    z.strictObject({
      id,
      indications: z.strictObject({ first: digits(3), following: digits(3).optional() }),
      first: count,
      following: count,
    }),
  ).optional(),
});

const condition = z.strictObject({
  id,
  regime,
  name,
  codesCountTogether: z.union([z.boolean(), list(digits(4)).min(1)], 'must be true, or a list of diagnosis codes').optional(),
  countsIn: regime.optional(),
  periods: series(
    z.strictObject({
      ...validity,
      term,
      extension: z.strictObject({ months: z.int().min(1).max(600) }).optional(),
      reachesPackage: z.boolean().optional(),
      ageBelow: z.int().min(1).max(150).optional(),
      start: z.strictObject({ withinMonths: z.int().min(1).max(60), of: z.enum(['diagnosis', 'discharge']) }).optional(),
      cap: cap.optional(),
      noStartFrom: date.optional(),
      endsOn: date.optional(),
      newEpisode: z.enum(['allowed', 'refused']),
      requires: list(
        z.strictObject({
          ...validity,
          performances: list(id).optional(),
          authorisation: z.boolean().optional(),
          source: text,
        }),
      ).optional(),
      source: text,
      interpretations: list(id).optional(),
    }),
  ),
});

const thresholds = z.strictObject({
  adultAge: z.int().min(1).max(150),
  byStart: series(
    z.strictObject({
      startedFrom: date.optional(),
      startedThrough: date.optional(),
      sessions: count,
      ifReachedBefore: date.optional(),
      otherwise: count.optional(),
      source: text,
    }),
  ),
  byCondition: list(z.strictObject({ condition: id, ...validity, sessions: count, source: text, interpretation: id.optional() })),
});

const indication = z.strictObject({
  code: digits(3),
  name,
  ...validity,
  admittedLike: z.strictObject({ code: digits(3), therapy }).optional(),
  onlyWith: selector.optional(),
  source: text,
});

const performance = z.strictObject({
  codes: list(z.string('must be digits in quotes').regex(/^\d{4,6}$/, 'must be four to six digits in quotes')).min(1),
  name: text,
  lists: list(digits(3)).min(1),
  therapy,
  kind: id,
  counts: z.boolean(),
  ...validity,
  source: text,
  interpretations: list(id).optional(),
});

const codeName = z.strictObject({ code: digits(2), name: text });
const release = z.strictObject({
  release: id,
  ...validity,
  source: text,
  locations: list(codeName).min(1),
  pathologies: list(codeName).min(1),
  onlyAt: list(z.strictObject({ pathology: digits(2), location: digits(2) })),
  availabilities: list(z.strictObject({ id, anyOf: list(selector).optional(), closedForLists: list(digits(3)).optional() })),
  closedCodeConditions: z.record(digits(3), id),
  formerly: list(
    z.strictObject({ code: digits(4), indications: list(digits(3)).min(1), items: list(id).min(1), through: date, source: text }),
  ).optional(),
  rows: list(
    z.strictObject({
      pathology: digits(2),
      locations: list(digits(2)).min(1, 'needs at least one location'),
      openTo: id,
      items: list(id),
      laterality: z.boolean(),
      adult: list(digits(3)),
      childPhysiotherapy: list(digits(3)),
      childExercise: list(digits(3)),
    }),
  ).min(1),
});

const dated = <T extends z.ZodType>(value: T) => series(z.strictObject({ ...validity, value, source: text }));
const insurer = z.strictObject({
  insurer: digits(4),
  name: text,
  ownInsurers: list(digits(4)).min(1),
  paysProviderInFull: dated(z.boolean()),
  claimTimeLimitMonths: dated(z.union([z.int().min(1).max(120), z.null()], 'must be a number of months or null')),
  closedCodeGrace: dated(z.strictObject({ sessionsThrough: date, trajectoryStartedBefore: date.optional() })),
  overCapUsesSupplementary: series(
    z.strictObject({ ...validity, value: z.boolean(), except: list(id).optional(), source: text }),
  ),
  deductibleExemptions: dated(list(id)),
  authorisationFor: dated(list(id)).optional(),
  packages: list(
    z.strictObject({
      name: id,
      periods: series(
        z.strictObject({
          ...validity,
          limit: z.union([count, z.null()], 'must be a number of sessions, or null for no limit'),
          manualLimit: count.optional(),
          source: text,
          assumption: text.optional(),
        }),
      ),
    }),
  ),
  performances: list(
    z.strictObject({
      codes: performance.shape.codes,
      lists: performance.shape.lists.optional(),
      accepted: z.boolean(),
      ...validity,
      source: text,
    }),
  ).optional(),
});

export const documentSchema = z.strictObject({
  format: z.literal(1),
  version: id,
  title: text,
  scenario: z.strictObject({ name: id, title: text, base: z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
  interpretations: list(interpretation),
  conditions: list(condition).min(1, 'needs at least one condition'),
  thresholds,
  indications: list(indication).min(1),
  performanceLists: list(z.strictObject({ list: digits(3), name: text, ...validity, source: text })).min(1),
  performances: list(performance).min(1),
  longSessions: list(
    z.strictObject({
      diagnoses: list(z.string().regex(/^[\dx]{4}$/, 'must be four characters, digits or x')).min(1),
      ...validity,
      minimumAge: z.int().min(1).max(150).optional(),
      date: z
        .strictObject({
          of: z.literal('diagnosis'),
          withinMonths: z.int().min(1).max(600).optional(),
          fromMonths: z.int().min(1).max(600).optional(),
        })
        .optional(),
      confirmed: z.enum(['multiple-handicap', 'spina-bifida']).optional(),
      source: text,
    }),
  ),
  diagnoses: list(release).min(1),
  insurers: list(insurer).min(1),
  corrections: list(
    z.strictObject({
      ...validity,
      value: z.strictObject({
        closedYearsThrough: z.int().min(1900).max(2199),
        approval: z.strictObject({
          sessionsAbove: count,
          centsAbove: z.int('must be a whole number of cents').min(0, 'must not be negative').max(1_000_000_000),
          beyondCommand: z.boolean(),
          verifiedHistoryRetracted: z.boolean(),
          historyBelowOwn: z.boolean(),
          override: z.literal(true, 'what is set by hand always needs a second person'),
        }),
        overrideMonths: z.int('must be a whole number of months').min(1, 'must be at least one').max(60).optional(),
      }),
      source: text,
    }),
  )
    .min(1)
    .optional(),
}) satisfies z.ZodType<PolicyDocument>;

/** How one diagnosis code is open: a row of the list without its pathology and locations. */
export const codeEntrySchema = documentSchema.shape.diagnoses.element.shape.rows.element.omit({
  pathology: true,
  locations: true,
});
