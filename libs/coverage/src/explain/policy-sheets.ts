/**
 * The parameters that a trace names, with their sources, out of the policy document. The compiled book has the same values without
 * sources; each of its dated entries gets its sheet once, so that a trace only refers to it.
 */
import type { DiagnosisIndex, InsurerTerms, Parameters, PerformanceInfo, PolicyBook } from '../policy/book';
import type { BilingualName, ConditionRule, InsurerRule, ThresholdByCondition, ThresholdByStart } from '../policy/document';
import { PolicyError } from '../policy/policy-error';
import { inForce, strictlyInForce, timelineOf, type Timeline } from '../policy/timeline';
import { insurerSheet, NO_INSURER, type InsurerSheet } from './insurer-sheet';
import type { Scalar, TraceParameter } from './trace-shape';

export const NO_PARAMETERS: readonly TraceParameter[] = [];
const INTERPRETATION = 'interpretation';
const ARTICLE = 'Besluit zorgverzekering article 2.6-2';

/** Interpretations of a step, in force on one date. */
export interface InterpretationSheet {
  readonly performance: readonly TraceParameter[];
  readonly closedCode: readonly TraceParameter[];
  readonly ambiguous: readonly TraceParameter[];
  readonly order: readonly TraceParameter[];
  readonly importBelowOwn: readonly TraceParameter[];
  readonly hold: readonly TraceParameter[];
  readonly threshold: readonly TraceParameter[];
  readonly term: readonly TraceParameter[];
  readonly rounding: readonly TraceParameter[];
}

export interface ConditionSheet {
  /** Itself, as a list of one. */
  readonly alone: readonly ConditionSheet[];
  /** Interpretations that the condition itself rests on. */
  readonly entitlement: readonly TraceParameter[];
  readonly start: readonly TraceParameter[];
  /** A threshold of the condition's own; empty = the general one by start holds. */
  readonly threshold: readonly TraceParameter[];
  readonly cap: readonly TraceParameter[];
  readonly term: readonly TraceParameter[];
  readonly requires: readonly TraceParameter[];
  readonly ageBelow: readonly TraceParameter[];
}

/** Of a line without a condition, or with one that the policy does not know. */
export const NO_CONDITION: ConditionSheet = {
  ...{ alone: [], entitlement: [], start: [], threshold: [], cap: [], term: [], requires: [], ageBelow: [] },
};

const SHEETS = new WeakMap<PolicyBook, PolicySheets>();

/** The sheets of a book: made as they are asked for, and kept as long as the book is. */
export function sheetsOf(book: PolicyBook): PolicySheets {
  return kept(SHEETS, book, () => new PolicySheets(book));
}

/** The entry of a map, made when it is not there yet. */
function kept<K, V>(map: { get(key: K): V | undefined; set(key: K, value: V): unknown }, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

export class PolicySheets {
  private readonly interpretationSheets = new Map<Parameters, InterpretationSheet>();
  private readonly conditionSheets = new Map<string, Timeline<ConditionSheet>>();
  private readonly insurerSheets = new Map<InsurerTerms, InsurerSheet>();
  private readonly performanceSheets = new Map<PerformanceInfo, readonly TraceParameter[]>();
  private readonly listSheets = new Map<string, readonly TraceParameter[]>();
  private readonly diagnosisSheets = new Map<DiagnosisIndex, Map<string, readonly TraceParameter[]>>();
  private readonly byStart = new Map<ThresholdByStart, Map<number, readonly TraceParameter[]>>();
  private readonly joinedLists = new Map<readonly TraceParameter[], Map<readonly TraceParameter[], readonly TraceParameter[]>>();
  private readonly conditionRules: ReadonlyMap<string, ConditionRule>;
  private readonly insurerRules: ReadonlyMap<string, InsurerRule>;
  /** The age from which the threshold applies. */
  readonly adultAge: readonly TraceParameter[];

  constructor(private readonly book: PolicyBook) {
    const { conditions, insurers } = book.document;
    this.conditionRules = new Map(conditions.map((each) => [each.id, each]));
    this.insurerRules = new Map(insurers.flatMap((each) => each.ownInsurers.map((label) => [label, each])));
    this.adultAge = [{ name: 'adultAge', value: book.adultAge, source: ARTICLE, validFrom: null }];
  }

  conditionName(id: string): BilingualName | null {
    return this.conditionRules.get(id)?.name ?? null;
  }

  interpretations(date: string): InterpretationSheet {
    const parameters = this.book.parameters.at(date);
    return kept(this.interpretationSheets, parameters, () => {
      const named = (...names: string[]) => names.flatMap((name) => this.interpretation(name, date));
      return {
        performance: named('maxQuantityPerLine', 'amountMismatchCode'),
        closedCode: named('closedCodeCondition'),
        ambiguous: named('ambiguousCondition'),
        order: named('countsAsSession', 'pauseRestartsCountAfterMonths'),
        importBelowOwn: named('importBelowOwn'),
        hold: named('holdUnknownHistory', 'assertedSlack'),
        threshold: named('countSessionsBeforeAge18'),
        term: named('monthArithmetic', 'newEpisode'),
        rounding: named('roundingOfSplit'),
      };
    });
  }

  /** The interpretation as a parameter of its own; none where the policy does not know it. */
  private interpretation(name: string, date: string): TraceParameter[] {
    const rule = this.book.document.interpretations.find((each) => each.name === name);
    const row = rule === undefined ? null : inForce(rule.values, date);
    return row === null ? [] : [{ name, value: row.value, source: INTERPRETATION, interpretation: name, validFrom: row.from }];
  }

  /** Both lists as one, made once: only for lists of these sheets. */
  joined(first: readonly TraceParameter[], second: readonly TraceParameter[]): readonly TraceParameter[] {
    if (second.length === 0) return first;
    if (first.length === 0) return second;
    const seconds = kept(this.joinedLists, first, () => new Map<readonly TraceParameter[], readonly TraceParameter[]>());
    return kept(seconds, second, () => [...first, ...second]);
  }

  /** The sheet is cut at more dates than the condition's terms: also where a requirement or a reading changes. */
  condition(id: string, date: string): ConditionSheet {
    const rule = this.conditionRules.get(id);
    if (rule === undefined) return NO_CONDITION;
    const sheets = kept(this.conditionSheets, id, () => {
      const { interpretations } = this.book.document;
      const readings = new Set(rule.periods.flatMap((each) => each.interpretations ?? []));
      return timelineOf(
        [
          rule.periods,
          this.ownThresholds(id),
          ...rule.periods.map((each) => each.requires ?? []),
          ...interpretations.filter((each) => readings.has(each.name)).map((each) => each.values),
        ],
        (from) => this.conditionSheet(rule, from),
      );
    });
    return sheets.at(date);
  }

  private ownThresholds(id: string): readonly ThresholdByCondition[] {
    return this.book.document.thresholds.byCondition.filter((each) => each.condition === id);
  }

  private conditionSheet(rule: ConditionRule, date: string): ConditionSheet {
    const period = inForce(rule.periods, date);
    if (period === null) throw new PolicyError(`condition ${rule.id}: no period of validity`);
    const { source, from: validFrom, start, cap, term } = period;
    const named = (name: string, value: Scalar | undefined): TraceParameter[] =>
      value === undefined ? [] : [{ name, value, source, validFrom }];
    const own = strictlyInForce(this.ownThresholds(rule.id), date);
    const readings = (period.interpretations ?? []).flatMap((name) => this.interpretation(name, date));
    // a reading stands with the cap or the term that it is about; where there is neither, with the condition itself
    const isOf = cap !== undefined ? 'cap' : term !== 'open' ? 'term' : 'entitlement';
    const readingsOf = (part: typeof isOf) => (part === isOf ? readings : NO_PARAMETERS);
    const sheet = {
      entitlement: readingsOf('entitlement'),
      start: start === undefined ? [] : [...named('startWithinMonths', start.withinMonths), ...named('startOf', start.of)],
      threshold:
        own === null
          ? []
          : [
              {
                ...{ name: 'threshold', value: own.sessions, source: own.source, validFrom: own.from },
                ...(own.interpretation === undefined ? {} : { interpretation: own.interpretation }),
              },
            ],
      cap: [
        ...named('cap', cap?.count),
        ...named('capPer', cap?.per),
        ...(cap?.classes ?? []).flatMap((each) => [
          ...named(`cap ${each.id}, first year`, each.first),
          ...named(`cap ${each.id}, following years`, each.following),
        ]),
        ...readingsOf('cap'),
      ],
      term: [
        ...named('termMonths', term === 'open' ? 'open' : term.months),
        ...named('termAnchor', term === 'open' ? undefined : term.anchor),
        ...named('extensionMonths', period.extension?.months),
        ...named('noStartFrom', period.noStartFrom),
        ...named('endsOn', period.endsOn),
        ...readingsOf('term'),
      ],
      requires: (period.requires ?? [])
        .filter((each) => each.from <= date && (each.through ?? date) >= date)
        .map((each) => ({
          name: each.authorisation === true ? 'authorisationRequired' : 'performancesRequired',
          value: each.authorisation === true ? true : (each.performances ?? []).join(' '),
          source: each.source,
          validFrom: each.from,
        })),
      ageBelow: named('ageBelow', period.ageBelow),
      alone: [] as ConditionSheet[],
    };
    sheet.alone.push(sheet);
    return sheet;
  }

  /** The general threshold by the start of the trajectory. `sessions`: as decided, 9, 12 or 20. */
  threshold(start: string, sessions: number): readonly TraceParameter[] {
    const row = this.book.document.thresholds.byStart.find(
      (each) => start >= (each.startedFrom ?? '') && start <= (each.startedThrough ?? '9999-12-31'),
    );
    if (row === undefined) return NO_PARAMETERS;
    const bySessions = kept(this.byStart, row, () => new Map<number, readonly TraceParameter[]>());
    return kept(bySessions, sessions, () => [
      { name: 'threshold', value: sessions, source: row.source, validFrom: row.startedFrom ?? null },
    ]);
  }

  /** @param terms of the insurer with this label, on the date */
  insurer(label: string, terms: InsurerTerms, date: string): InsurerSheet {
    const rule = this.insurerRules.get(label);
    return rule === undefined ? NO_INSURER : kept(this.insurerSheets, terms, () => insurerSheet(rule, date));
  }

  private list(name: string): readonly TraceParameter[] {
    return kept(this.listSheets, name, () => {
      const list = this.book.document.performanceLists.find((each) => each.list === name);
      return list === undefined ? [] : [{ name: 'list', value: list.list, source: list.source, validFrom: list.from }];
    });
  }

  /** The list, and what the performance code is: its kind, and whether it is a session. */
  performance(list: string, code: string): readonly TraceParameter[] {
    const info = this.book.lists.get(list)?.codes.get(code);
    if (info === undefined) return this.list(list);
    return kept(this.performanceSheets, info, () => {
      const rule = this.book.document.performances.find((each) => each.codes.includes(code) && each.lists.includes(list));
      const { source = '', from: validFrom = null } = rule ?? {};
      return [
        ...this.list(list),
        { name: 'performanceKind', value: info.kind, source, validFrom },
        { name: 'counts', value: info.counts, source, validFrom },
      ];
    });
  }

  /** The release of the diagnosis list, and the indication code. */
  diagnosis(csi: string, date: string): readonly TraceParameter[] {
    const byIndication = kept(
      this.diagnosisSheets,
      this.book.diagnoses.at(date),
      () => new Map<string, readonly TraceParameter[]>(),
    );
    return kept(byIndication, csi, () => {
      const releases = [...this.book.document.diagnoses].sort((a, b) => (a.from < b.from ? -1 : 1));
      const release = inForce(releases, date);
      const indication = this.book.document.indications.find((each) => each.code === csi);
      return [
        ...(release === null
          ? []
          : [{ name: 'diagnosisRelease', value: release.release, source: release.source, validFrom: release.from }]),
        ...(indication === undefined
          ? []
          : [{ name: 'indication', value: csi, source: indication.source, validFrom: indication.from }]),
      ];
    });
  }
}
