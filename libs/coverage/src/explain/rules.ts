/**
 * Every rule that can settle a line, with the text it rests on and the interpretations it uses. The ids are stored with each
 * decision: never change the meaning of one.
 */
import type { StepName } from './trace-shape';

export interface RuleEntry {
  readonly id: string;
  /** The step of a trace that it decides. */
  readonly step: StepName;
  /** Law, list or insurer's page; `interpretation` where none decides. */
  readonly source: string;
  readonly interpretations?: readonly string[];
  /** Sentence templates; `{name}` is a value of the reason, `{condition}` the condition's name. */
  readonly en: string;
  readonly nl: string;
}

const INSURANCE = 'Zorgverzekeringswet: only care given while insured here is paid';
const CODE_LIST = 'National diagnosis list (DCSPH), release 4.7';

export const RULES: readonly RuleEntry[] = [
  // step 1
  {
    id: 'not-insured',
    step: 'insured',
    source: INSURANCE,
    en: 'The person was not insured here on the date of the session.',
    nl: 'De verzekerde was op de datum van de zitting niet hier verzekerd.',
  },
  {
    id: 'after-death',
    step: 'insured',
    source: INSURANCE,
    en: 'The session is dated after the day of death.',
    nl: 'De zitting is gedateerd na de dag van overlijden.',
  },
  // step 3
  {
    id: 'performance',
    step: 'performance',
    source: 'Performance code lists 012, 073, 074, 079; claim standard',
    interpretations: ['maxQuantityPerLine', 'amountMismatchCode'],
    en: 'Performance {performance} of list {list}, {quantity} times: the list, code, number or amounts do not hold.',
    nl: 'Prestatie {performance} van lijst {list}, aantal {quantity}: lijst, code, aantal of bedragen kloppen niet.',
  },
  // step 4
  {
    id: 'unknown-code',
    step: 'diagnosis',
    source: CODE_LIST,
    en: 'Diagnosis code {code} does not exist.',
    nl: 'Diagnosecode {code} bestaat niet.',
  },
  {
    id: 'closed-code',
    step: 'diagnosis',
    source: CODE_LIST,
    interpretations: ['closedCodeCondition'],
    en: 'Diagnosis code {code} is closed{closedSince}.',
    nl: 'Diagnosecode {code} is gesloten{closedSinceNl}.',
  },
  {
    id: 'indication',
    step: 'diagnosis',
    source: 'COD321-VEK1 (indication codes)',
    en: 'Indication code {csi} is missing, unknown or not valid on this date.',
    nl: 'Indicatiecode {csi} ontbreekt, is onbekend of geldt niet op deze datum.',
  },
  {
    id: 'provider',
    step: 'diagnosis',
    source: CODE_LIST,
    en: 'Diagnosis {code} with indication {csi} is reserved for other providers than those of performance {performance}.',
    nl: 'Diagnose {code} met indicatie {csi} is voorbehouden aan andere behandelaars dan die van prestatie {performance}.',
  },
  {
    id: 'combination',
    step: 'diagnosis',
    source: CODE_LIST,
    en: 'Diagnosis {code} does not allow indication {csi} at this age and for this kind of therapy.',
    nl: 'Diagnose {code} staat indicatie {csi} niet toe op deze leeftijd en bij deze soort therapie.',
  },
  {
    id: 'age-limit',
    step: 'diagnosis',
    source: 'Besluit zorgverzekering, Annex 1 (age limit of the item)',
    en: 'At {age} the person is past the age limit of every entitlement of diagnosis {code}.',
    nl: 'Met {age} jaar is de verzekerde de leeftijdsgrens van elke aanspraak van diagnose {code} voorbij.',
  },
  {
    id: 'performance-required',
    step: 'diagnosis',
    source: CODE_LIST,
    en: 'Diagnosis {code} with indication {csi} needs its own performance code or a recorded authorisation; {performance} is neither.',
    nl: 'Diagnose {code} met indicatie {csi} vraagt een eigen prestatiecode of een vastgelegde machtiging; {performance} is geen van beide.',
  },
  // step 5
  {
    id: 'too-late',
    step: 'in-time',
    source: 'Claim time limit of the insurer',
    en: 'Received on {received}, more than {months} months after the session.',
    nl: 'Ontvangen op {received}, meer dan {months} maanden na de zitting.',
  },
  // step 7
  {
    id: 'start-too-late',
    step: 'start',
    source: 'Besluit zorgverzekering, Annex 1, with the start conditions of the national diagnosis list (DCSPH), release 4.7',
    en: 'Session {position} for {condition}: the treatment began on {start}, more than {months} months after {event}, so there is no entitlement.',
    nl: 'Zitting {position} voor {condition}: de behandeling begon op {start}, meer dan {months} maanden na {event}, dus er is geen aanspraak.',
  },
  // step 8
  {
    id: 'hold-switch',
    step: 'hold',
    source: 'interpretation',
    interpretations: ['holdUnknownHistory'],
    en: 'Held: the person changed insurer on {switch} and the sessions given before are not known here yet.',
    nl: 'Aangehouden: overgestapt op {switch}, en de zittingen van daarvoor zijn hier nog niet bekend.',
  },
  {
    id: 'hold-asserted',
    step: 'hold',
    source: 'interpretation',
    interpretations: ['holdUnknownHistory', 'assertedSlack'],
    en: 'Held: the provider asserts that the first {threshold} sessions are over, but this is session {position} known here.',
    nl: 'Aangehouden: volgens de behandelaar zijn de eerste {threshold} zittingen voorbij, maar dit is hier zitting {position}.',
  },
  {
    id: 'hold-earlier',
    step: 'hold',
    source: 'interpretation',
    interpretations: ['holdUnknownHistory'],
    en: 'Held: an earlier session of this trajectory is held, so the position {position} is provisional.',
    nl: 'Aangehouden: een eerdere zitting van dit traject is aangehouden, dus volgnummer {position} is voorlopig.',
  },
  // step 9
  {
    id: 'authorisation',
    step: 'consent',
    source: "The insurer's own conditions: its consent is needed",
    en: 'Session {position} for {condition}: the insurer asks for its consent, and there is none that fits ({code}).',
    nl: 'Zitting {position} voor {condition}: de verzekeraar vraagt toestemming, en er is geen passende ({code}).',
  },
  // step 10
  {
    id: 'within-threshold',
    step: 'threshold',
    source: 'Besluit zorgverzekering article 2.6-2',
    interpretations: ['pauseRestartsCountAfterMonths', 'countSessionsBeforeAge18', 'countsAsSession'],
    en: 'Session {position} for {condition}: the first {threshold} are not paid by the basic insurance.',
    nl: 'Zitting {position} voor {condition}: de eerste {threshold} betaalt de basisverzekering niet.',
  },
  {
    id: 'above-threshold',
    step: 'threshold',
    source: 'Besluit zorgverzekering article 2.6-2',
    interpretations: ['pauseRestartsCountAfterMonths', 'countSessionsBeforeAge18', 'countsAsSession'],
    en: 'Session {position} for {condition}, after the first {threshold}: the basic insurance pays{untilEnd}.',
    nl: 'Zitting {position} voor {condition}, na de eerste {threshold}: de basisverzekering betaalt{untilEndNl}.',
  },
  {
    id: 'no-threshold-under-18',
    step: 'threshold',
    source: 'Besluit zorgverzekering article 2.6-2',
    en: 'Session {position} for {condition}, under 18: the basic insurance pays from the first session{untilEnd}.',
    nl: 'Zitting {position} voor {condition}, onder 18: de basisverzekering betaalt vanaf de eerste zitting{untilEndNl}.',
  },
  {
    id: 'no-threshold',
    step: 'threshold',
    source: 'Regeling zorgverzekering; see the condition',
    interpretations: ['raFromFirstSession', 'axSpaFromFirstSession'],
    en: 'Session {position} for {condition}: the basic insurance pays from the first session.',
    nl: 'Zitting {position} voor {condition}: de basisverzekering betaalt vanaf de eerste zitting.',
  },
  {
    id: 'within-cap',
    step: 'cap',
    source: 'Besluit zorgverzekering article 2.6-3 to 2.6-8; see the condition',
    interpretations: ['classChangeWithinYear', 'unusedCapCarriesOver', 'secondCapPeriod', 'childExtensionNeedsProof'],
    en: 'Session {used} of the maximum for {condition}: the basic insurance pays.',
    nl: 'Zitting {used} van het maximum voor {condition}: de basisverzekering betaalt.',
  },
  {
    id: 'past-cap',
    step: 'cap',
    source: 'Besluit zorgverzekering article 2.6-3 to 2.6-8; see the condition',
    interpretations: ['classChangeWithinYear', 'unusedCapCarriesOver', 'secondCapPeriod', 'childExtensionNeedsProof'],
    en: 'The maximum for {condition} is used up: {used} sessions were counted before.',
    nl: 'Het maximum voor {condition} is bereikt: er zijn al {used} zittingen geteld.',
  },
  {
    id: 'past-term',
    step: 'term',
    source: 'Besluit zorgverzekering, Annex 1 and its annexes; see the condition',
    interpretations: ['monthArithmetic', 'newEpisode'],
    en: 'The term for {condition} ended: sessions from {end} on are not paid by the basic insurance.',
    nl: 'De termijn voor {condition} is voorbij: zittingen vanaf {end} betaalt de basisverzekering niet.',
  },
  {
    id: 'term-not-opened',
    step: 'term',
    source: 'Regeling zorgverzekering; see the condition',
    en: 'No term for {condition} could start any more on the date of the first session.',
    nl: 'Op de datum van de eerste zitting kon geen termijn voor {condition} meer beginnen.',
  },
  {
    id: 'long-session',
    step: 'long-session',
    source: 'Conditions of the insurer for long sessions',
    en: 'A long session is not covered for this diagnosis.',
    nl: 'Een lange zitting is bij deze diagnose niet verzekerd.',
  },
  {
    id: 'no-entitlement',
    step: 'entitlement',
    source: 'COD321-VEK1, indication 009',
    en: 'Declared as care outside the basic insurance.',
    nl: 'Gedeclareerd als zorg buiten de basisverzekering.',
  },
  // step 12, before what is left for the insured
  {
    id: 'overridden',
    step: 'override',
    source: 'A decision of the insurer in this one case, by two people',
    en: 'Set by hand through {overriddenThrough}: {byHand}. Without it: {derived}.',
    nl: 'Handmatig vastgesteld tot en met {overriddenThrough}: {byHand}. Zonder dat: {derived}.',
  },
];

export const RULE_BY_ID: ReadonlyMap<string, RuleEntry> = new Map(RULES.map((rule) => [rule.id, rule]));
