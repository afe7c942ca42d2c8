/**
 * The parameters that a trace names, with their sources, out of the policy document. The compiled book has the same values without
 * sources; each of its dated entries gets its sheet once, so that a trace only refers to it.
 */
import type { ConditionTerms, DiagnosisIndex, InsurerTerms, Parameters, PerformanceInfo, PolicyBook } from '../policy/book';
import type { BilingualName, ConditionRule, InsurerRule, ThresholdByStart } from '../policy/document';
import { PolicyError } from '../policy/policy-error';
import { inForce, strictlyInForce } from '../policy/timeline';
import { insurerSheet, type InsurerSheet } from './insurer-sheet';
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

const SHEETS = new WeakMap<PolicyBook, PolicySheets>();

/** The sheets of a book: made as they are asked for, and kept as long as the book is. */
export function sheetsOf(book: PolicyBook): PolicySheets {
  let sheets = SHEETS.get(book);
  if (sheets === undefined) {
    sheets = new PolicySheets(book);
    SHEETS.set(book, sheets);
  }
  return sheets;
}

/** The entry of a map, made when it is not there yet. */
function kept<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

export class PolicySheets {
  private readonly interpretationSheets = new Map<Parameters, InterpretationSheet>();
  private readonly conditionSheets = new Map<ConditionTerms, ConditionSheet>();
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
    let seconds = this.joinedLists.get(first);
    if (seconds === undefined) {
      seconds = new Map<readonly TraceParameter[], readonly TraceParameter[]>();
      this.joinedLists.set(first, seconds);
    }
    let both = seconds.get(second);
    if (both === undefined) {
      both = [...first, ...second];
      seconds.set(second, both);
    }
    return both;
  }

  condition(id: string, terms: ConditionTerms, date: string): ConditionSheet | null {
    const known = this.conditionSheets.get(terms);
    if (known !== undefined) return known;
    const rule = this.conditionRules.get(id);
    return rule === undefined ? null : kept(this.conditionSheets, terms, () => this.conditionSheet(rule, date));
  }

  private conditionSheet(rule: ConditionRule, date: string): ConditionSheet {
    const period = inForce(rule.periods, date);
    if (period === null) throw new PolicyError(`condition ${rule.id}: no period of validity`);
    const { source, from: validFrom, start, cap, term } = period;
    const named = (name: string, value: Scalar | undefined): TraceParameter[] =>
      value === undefined ? [] : [{ name, value, source, validFrom }];
    const own = strictlyInForce(
      this.book.document.thresholds.byCondition.filter((each) => each.condition === rule.id),
      date,
    );
    const readings = (period.interpretations ?? []).flatMap((name) => this.interpretation(name, date));
    const ofCap = cap === undefined ? [] : readings;
    const sheet = {
      // a reading stands with the cap or the term that it is about; where there is neither, with the condition itself
      entitlement: cap === undefined && term === 'open' ? readings : [],
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
        ...ofCap,
      ],
      term: [
        ...named('termMonths', term === 'open' ? 'open' : term.months),
        ...named('termAnchor', term === 'open' ? undefined : term.anchor),
        ...named('extensionMonths', period.extension?.months),
        ...named('noStartFrom', period.noStartFrom),
        ...named('endsOn', period.endsOn),
        ...(cap === undefined && term !== 'open' ? readings : []),
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
  insurer(label: string, terms: InsurerTerms, date: string): InsurerSheet | null {
    const known = this.insurerSheets.get(terms);
    if (known !== undefined) return known;
    const rule = this.insurerRules.get(label);
    return rule === undefined ? null : kept(this.insurerSheets, terms, () => insurerSheet(rule, date));
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
