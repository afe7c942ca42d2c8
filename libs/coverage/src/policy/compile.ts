/** Compiles a policy document into the book that the engine reads. Pure; throws `PolicyError` on a document that contradicts itself. */
import { regimeOf, type Regime } from '#libs/trajectory';
import type {
  CareClassInfo,
  Condition,
  ConditionTerms,
  IndicationInfo,
  Parameters,
  PerformanceInfo,
  PerformanceListInfo,
  PolicyBook,
} from './book';
import { compileDiagnoses } from './compile-diagnoses';
import { compileInsurers } from './compile-insurers';
import { compileLongSessions } from './compile-long-sessions';
import type { ConditionPeriod, ConditionRule, CorrectionRules, PolicyDocument } from './document';
import { PolicyError } from './policy-error';
import { inForce, strictlyInForce, Timeline, timelineOf } from './timeline';

export const OPEN_END = '9999-12-31';

/**
 * Builds the book of one policy version.
 * @param document as validated by `libs/policy-files`
 * @param digest SHA-256 (hex) of the document's canonical JSON: the identity of the version in every decision
 */
export function compilePolicy(document: PolicyDocument, digest: string): PolicyBook {
  const conditions = compileConditions(document);
  const diagnosesOf = compileCountedIn(document, conditions);
  const conditionOfRegime = new Map<Regime, Condition>();
  for (const condition of conditions.values()) {
    if (condition.regime !== 'annex') conditionOfRegime.set(condition.regime, condition);
  }
  const indications = compileIndications(document);
  const closedCodeConditions = new Map<string, Condition | null>();
  for (const release of document.diagnoses) {
    for (const [csi, id] of Object.entries(release.closedCodeConditions)) {
      closedCodeConditions.set(csi, id === 'none' ? null : need(conditions, id, `closed codes with ${csi}`));
    }
  }
  return {
    digest,
    version: document.version,
    document,
    parameters: compileParameters(document),
    adultAge: document.thresholds.adultAge,
    conditions,
    conditionOfRegime,
    careClasses: compileCareClasses(document),
    countedIn: diagnosesOf,
    lists: compilePerformances(document),
    indications,
    diagnoses: compileDiagnoses(document, conditions, indications),
    closedCodeConditions,
    insurers: compileInsurers(document),
    longSessions: compileLongSessions(document),
    corrections: compileCorrections(document),
  };
}

/** Where a policy says nothing of corrections, nobody makes one alone that moves anything. */
const NOTHING_ALONE: CorrectionRules = {
  closedYearsThrough: 0,
  approval: {
    sessionsAbove: 0,
    centsAbove: 0,
    beyondCommand: true,
    verifiedHistoryRetracted: true,
    historyBelowOwn: true,
    override: true,
  },
};

const compileCorrections = ({ corrections = [] }: PolicyDocument): Timeline<CorrectionRules> =>
  timelineOf([corrections], (date) => inForce(corrections, date)?.value ?? NOTHING_ALONE);

function need(conditions: ReadonlyMap<string, Condition>, id: string, where: string): Condition {
  const condition = conditions.get(id);
  if (condition === undefined) throw new PolicyError(`${where}: unknown condition ${id}`);
  return condition;
}

function compileParameters(document: PolicyDocument): Timeline<Parameters> {
  const rows = (name: string) => {
    const rule = document.interpretations.find((each) => each.name === name);
    if (rule === undefined) throw new PolicyError(`interpretations: ${name} is missing`);
    return rule.values;
  };
  const number = (name: string, date: string): number => {
    const value = inForce(rows(name), date)?.value;
    if (typeof value !== 'number') throw new PolicyError(`interpretations: ${name} must be a number`);
    return value;
  };
  const flag = (name: string, date: string): boolean => {
    const value = inForce(rows(name), date)?.value;
    if (typeof value !== 'boolean') throw new PolicyError(`interpretations: ${name} must be true or false`);
    return value;
  };
  const text = (name: string, date: string): string => {
    const value = inForce(rows(name), date)?.value;
    if (typeof value !== 'string') throw new PolicyError(`interpretations: ${name} must be a text`);
    return value;
  };
  /** Left out in policies from before 2026.4. */
  const months = (name: string, date: string): number | null => {
    if (!document.interpretations.some((each) => each.name === name)) return null;
    return inForce(rows(name), date)?.value === null ? null : number(name, date);
  };
  return timelineOf(
    document.interpretations.map((each) => each.values),
    (date) => ({
      maxQuantityPerLine: number('maxQuantityPerLine', date),
      countSessionsBeforeAge18: flag('countSessionsBeforeAge18', date),
      holdUnknownHistory: flag('holdUnknownHistory', date),
      assertedSlack: number('assertedSlack', date),
      newInsuranceMonths: months('newInsuranceMonths', date),
      amountMismatchCode: text('amountMismatchCode', date),
    }),
  );
}

function compileConditions(document: PolicyDocument): Map<string, Condition> {
  const conditions = new Map<string, Condition>();
  for (const rule of document.conditions) {
    const thresholds = document.thresholds.byCondition.filter((each) => each.condition === rule.id);
    conditions.set(rule.id, {
      id: rule.id,
      regime: rule.regime,
      countsIn: rule.countsIn ?? rule.regime,
      codesCountTogether:
        typeof rule.codesCountTogether === 'object' ? new Set(rule.codesCountTogether) : (rule.codesCountTogether ?? false),
      terms: timelineOf([rule.periods, thresholds], (date) =>
        conditionTerms(rule, inForce(rule.periods, date), strictlyInForce(thresholds, date)?.sessions ?? null),
      ),
    });
  }
  return conditions;
}

/** Annex lines under these codes are stored as such and count elsewhere: release by release the same, or the policy contradicts itself. */
function compileCountedIn(document: PolicyDocument, conditions: ReadonlyMap<string, Condition>): Map<string, Regime> {
  const counted = new Map<string, Regime>();
  for (const { formerly } of document.diagnoses)
    for (const { code, items } of formerly ?? [])
      for (const id of items) {
        const condition = need(conditions, id, `diagnoses: formerly ${code}`);
        if (condition.countsIn !== condition.regime) counted.set(code, condition.countsIn);
      }
  return counted;
}

function compileCareClasses(document: PolicyDocument): Map<string, CareClassInfo> {
  const classes = document.conditions.flatMap((each) => each.periods).flatMap((period) => period.cap?.classes ?? []);
  return new Map(classes.map(({ id, first, following }) => [id, { id, first, following }]));
}

function conditionTerms(rule: ConditionRule, period: ConditionPeriod | null, threshold: number | null): ConditionTerms {
  if (period === null) throw new PolicyError(`condition ${rule.id}: no period of validity`);
  const term = period.term;
  return {
    termMonths: term === 'open' ? null : term.months,
    anchor: term === 'open' ? null : term.anchor,
    extensionMonths: period.extension?.months ?? 0,
    ageBelow: period.ageBelow ?? Number.POSITIVE_INFINITY,
    start: period.start ?? null,
    capCount: period.cap?.count ?? null,
    capPer: period.cap?.per ?? null,
    classes: new Map((period.cap?.classes ?? []).map(({ id, first, following }) => [id, { id, first, following }])),
    reachesPackage: period.reachesPackage ?? true,
    noStartFrom: period.noStartFrom ?? null,
    endsOn: period.endsOn ?? null,
    newEpisodeAllowed: period.newEpisode === 'allowed',
    requires: period.requires ?? [],
    threshold,
  };
}

function compileIndications(document: PolicyDocument): Map<string, IndicationInfo> {
  if (document.indications.length > 31) throw new PolicyError('indications: more than 31 do not fit an admissibility mask');
  const classOf = new Map<string, { careClass: { id: string; first: number; following: number }; firstYear: boolean }>();
  for (const condition of document.conditions) {
    for (const period of condition.periods) {
      for (const each of period.cap?.classes ?? []) {
        const careClass = { id: each.id, first: each.first, following: each.following };
        classOf.set(each.indications.first, { careClass, firstYear: true });
        if (each.indications.following !== undefined) classOf.set(each.indications.following, { careClass, firstYear: false });
      }
    }
  }
  return new Map(
    document.indications.map((rule, index) => [
      rule.code,
      {
        code: rule.code,
        regime: regimeOf(rule.code),
        bit: 1 << index,
        from: rule.from,
        through: rule.through ?? OPEN_END,
        onlyWith: rule.onlyWith ?? null,
        careClass: classOf.get(rule.code)?.careClass ?? null,
        assertsFirstYear: classOf.get(rule.code)?.firstYear ?? false,
      },
    ]),
  );
}

function compilePerformances(document: PolicyDocument): Map<string, PerformanceListInfo> {
  const lists = new Map<string, PerformanceListInfo & { readonly codes: Map<string, PerformanceInfo> }>();
  for (const list of document.performanceLists) {
    lists.set(list.list, { from: list.from, through: list.through ?? OPEN_END, codes: new Map() });
  }
  for (const rule of document.performances) {
    for (const name of rule.lists) {
      const list = lists.get(name);
      if (list === undefined) throw new PolicyError(`performance ${rule.codes.join(', ')}: unknown list ${name}`);
      for (const code of rule.codes) {
        if (list.codes.has(code)) throw new PolicyError(`performance ${code}: twice in list ${name}`);
        list.codes.set(code, {
          code,
          from: rule.from,
          through: rule.through ?? OPEN_END,
          therapy: rule.therapy,
          kind: rule.kind,
          counts: rule.counts,
        });
      }
    }
  }
  return lists;
}
