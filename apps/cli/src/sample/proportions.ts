/**
 * What the sample is made of. Every hundred persons hold the same courses and mishaps, in another order, so that already a small
 * sample shows each case. The shares are chosen to show cases: real files hold far fewer switchers and mistakes.
 */

/** The kind of care a person of the sample is given. */
export type Course =
  /** An Annex 1 condition: CSI 008 up to the twentieth session, 001 from there. */
  | 'annex'
  /** Care that is never insured in the basic insurance: CSI 009. */
  | 'plain'
  /** Both, side by side: two trajectories use one package. */
  | 'annex-and-plain'
  /** A child of 6 to 14: CSI 003. */
  | 'child'
  /** COPD, class B1: CSI 014, after a year 016. */
  | 'copd'
  /** Osteoarthritis of hip or knee: CSI 012 up to twelve, then 009. */
  | 'osteoarthritis'
  /** Came from another insurer; the member administration names the diagnosis code, and a history arrives. */
  | 'switcher'
  /** The same, but no history arrives: the lines stay held. */
  | 'switcher-unanswered'
  /** Came from another insurer; the member administration names no code: a history is to be asked for. */
  | 'switcher-without-code'
  /** Under code 9376, which closed; the lines go on under 3176 until the code is remapped. */
  | 'closed-code'
  /** The same, but nobody asks for the remap. */
  | 'closed-code-unanswered';

/** What goes wrong with a person's lines, and how the system should answer (return codes are of list COD954). */
export type Mishap =
  /** One or two lines come in a later file than their neighbours. */
  | 'late'
  /** A line is credited in a later file. */
  | 'credit'
  /** Credited, and credited again: 8084. */
  | 'credit-twice'
  /** A credit of a line that was never declared: 8017. */
  | 'credit-unknown'
  /** A credit with another amount than its debit: 8017. */
  | 'credit-amount'
  /** The same line, the same reference, in a later file: 8067. */
  | 'same-reference'
  /** The same session under another reference, in a later file: 0587. */
  | 'same-session'
  /** A line of a person whom the member file does not know: 0320. */
  | 'unknown-person'
  /** A line whose BSN fails the eleven test: 0435. */
  | 'bad-bsn'
  /** A performance code that does not exist: 0582. */
  | 'unknown-performance'
  /** Five sessions on one line: 0638. */
  | 'quantity'
  /** 30 February: 8007. */
  | 'no-such-date'
  /** A date after the invoice: 8176. */
  | 'after-invoice'
  /** A date years ahead: 8061 and 8176. */
  | 'far-future'
  /** A session of 2025, which this standard does not take: 8061. */
  | 'other-standard'
  /** Tariff times quantity, calculated and declared amount differ: 8059. */
  | 'amounts'
  /** 009 on a code that is Annex 1 only: 8058. */
  | 'combination'
  /** No indication code: 3102. */
  | 'no-indication'
  /** A line dated after the person's death: 0328. */
  | 'died'
  /** A line dated after the person left us: 0320. */
  | 'left';

export interface Card {
  readonly course: Course;
  readonly mishap?: Mishap;
}

const one = (course: Course, ...mishaps: Mishap[]): Card[] => mishaps.map((mishap) => ({ course, mishap }));
const several = (count: number, course: Course): Card[] => Array.from({ length: count }, () => ({ course }));

/** Hundred persons. */
export const DECK: readonly Card[] = [
  ...one('annex', 'late', 'late', 'credit', 'credit', 'credit-twice', 'credit-amount', 'same-reference', 'same-session'),
  ...one('annex', 'quantity', 'combination', 'no-indication', 'died'),
  ...several(22, 'annex'),
  ...one('plain', 'late', 'credit', 'credit-unknown', 'same-reference', 'same-session', 'unknown-person', 'bad-bsn'),
  ...one('plain', 'unknown-performance', 'no-such-date', 'after-invoice', 'far-future', 'other-standard', 'amounts', 'left'),
  ...several(22, 'plain'),
  ...several(4, 'annex-and-plain'),
  ...several(5, 'child'),
  ...several(4, 'copd'),
  ...several(5, 'osteoarthritis'),
  ...several(5, 'switcher'),
  ...several(1, 'switcher-unanswered'),
  ...several(2, 'switcher-without-code'),
  ...several(3, 'closed-code'),
  ...several(1, 'closed-code-unanswered'),
];

export const OWN_INSURER = '3343';
/** A label of the same concern. */
export const SISTER_LABEL = '3365';
export const SISTER_LABEL_SHARE = 0.03;
export const PREVIOUS_INSURER = '7095';
export const SWITCH_DATE = '2024-01-01';
export const CLOSED_CODE = '9376';
export const CLOSED_ON = '2024-07-01';
/** Paraplegia at the cervico-thoracic level: one of the codes that took the place of 9376. */
export const CODE_AFTER_CLOSING = '3176';

/** Sessions of an Annex 1 condition before the basic insurance pays, for starts from 2012; the provider's CSI follows it. */
export const FIRST_SESSIONS = 20;
export const OSTEOARTHRITIS_SESSIONS = 12;

/** Diagnosis codes with CSI 008 and 001, by weight. Those of the nervous system allow nothing else; the others 009 as well. */
export const ANNEX_CODES: readonly (readonly [number, string])[] = [
  [5, '9372'], // stroke
  [4, '9373'], // multiple sclerosis
  [6, '9374'], // Parkinson
  [2, '3176'], // paraplegia
  [5, '4021'], // frozen shoulder, 12 months
  [5, '6236'], // fracture at the hip
  [4, '7004'], // after surgery of a ligament of the knee
];
/** A code that allows CSI 008 and 001 only. */
export const ANNEX_ONLY_CODE = '9372';
/** Codes that allow CSI 009 only. */
export const PLAIN_CODES = ['3026', '3427', '4020', '4026', '7022', '7231', '5020', '3680'] as const;
export const CHILD_CODES = ['3026', '7220', '6216', '7233'] as const;
export const OSTEOARTHRITIS_CODES = ['6223', '7023'] as const;
export const COPD_CODE = '2554';

/** Shares within a course. */
export const DIRECT_ACCESS_SHARE = 0.4;
export const MANUAL_THERAPY_SHARE = 0.25;
export const HOME_VISIT_SHARE = 0.08;

/** Tariffs in cents of 2023 and 2024, near published ones of single practices. */
export const TARIFFS: Readonly<Record<string, readonly [cents2023: number, cents2024: number]>> = {
  '1000': [4100, 4500], // session
  '1001': [5800, 6250], // session at home
  '1100': [5250, 5600], // child physiotherapy
  '1200': [5250, 5600], // manual therapy
  '1864': [5500, 6000], // screening, intake and examination
};

/** Packages by weight, with the dates on which each holds. Start and Extra are offered from 2024. */
export const PACKAGES: readonly (readonly [number, readonly (readonly [name: string, from: string, through: string])[]])[] = [
  [20, []],
  [15, [['Start', '2024-01-01', '']]],
  [15, [['Extra', '2024-01-01', '']]],
  [25, [['Benfit', '2023-01-01', '']]],
  [15, [['Optifit', '2023-01-01', '']]],
  [
    10,
    [
      ['Startfit', '2023-01-01', '2023-12-31'],
      ['Benfit', '2024-01-01', ''],
    ],
  ],
];

/** One practice per so many persons, at most MAX_PRACTICES. */
export const PERSONS_PER_PRACTICE = 100;
export const MAX_PRACTICES = 20;
