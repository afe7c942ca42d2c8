/** What a schema cannot say: validities without overlap or gap, names that lead somewhere, caps that have a window. */
import { dayAfter, type PolicyDocument } from '#libs/coverage';
import { checkInsurerPerformances } from './checks-performances';
import { checkDates, checkSeries, checkUnique, type Dated, type Path, type Report } from './checks-series';
import type { PolicyProblem } from './problem';

type Place = (path: Path) => { readonly file: string; readonly line: number; readonly path: string };

/** Parameters the engine needs, those it can do without, and those of which it knows only one reading. */
const NEEDED = ['maxQuantityPerLine', 'countSessionsBeforeAge18', 'holdUnknownHistory', 'assertedSlack', 'amountMismatchCode'];
const OPTIONAL = ['newInsuranceMonths'];
const ONLY_READING: Readonly<Record<string, string | boolean | null>> = {
  pauseRestartsCountAfterMonths: null,
  newEpisode: 'by-confirmation',
  maxSessionsPerDay: null,
  countsAsSession: 'by-performance-code',
  classChangeWithinYear: 'class-of-the-date',
  unusedCapCarriesOver: false,
  secondCapPeriod: 'none',
  childExtensionNeedsProof: false,
  ambiguousCondition: 'longest-term',
  closedCodeCondition: 'annex-unspecified',
  dischargeTermAnchor: 'first-session-after-discharge',
  raFromFirstSession: true,
  axSpaFromFirstSession: true,
  importBelowOwn: 'positions-stop-at-stated',
  roundingOfSplit: 'floor-remainder-to-last',
  monthArithmetic: 'half-open-missing-day-next-month',
};

/** All problems of a document that has the right shape. */
export function checkDocument(document: PolicyDocument, locate: Place): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const report: Report = (path, problem) => problems.push({ ...locate(path), problem });
  checkInterpretations(document, report);
  checkConditions(document, report);
  checkThresholds(document, report);
  checkCodes(document, report);
  checkDiagnoses(document, report);
  checkInsurers(document, report);
  if (document.corrections !== undefined) checkSeries(document.corrections, ['corrections'], report);
  return problems;
}

function checkInterpretations(document: PolicyDocument, report: Report): void {
  const { interpretations } = document;
  checkUnique(
    interpretations.map((each) => each.name),
    ['interpretations'],
    'interpretation',
    report,
  );
  const names = new Set(interpretations.map((each) => each.name));
  for (const name of [...NEEDED, ...Object.keys(ONLY_READING)]) {
    if (!names.has(name)) report(['interpretations'], `${name} is missing`);
  }
  interpretations.forEach((each, i) => {
    checkSeries(each.values, ['interpretations', i, 'values'], report);
    if (![...NEEDED, ...OPTIONAL].includes(each.name) && !(each.name in ONLY_READING)) {
      report(['interpretations', i, 'name'], `${each.name} is no parameter of this engine`);
    }
    const reading = ONLY_READING[each.name];
    if (reading === undefined) return;
    each.values.forEach(({ value }, j) => {
      if (value !== reading)
        report(['interpretations', i, 'values', j, 'value'], `this engine knows only ${JSON.stringify(reading)}`);
    });
  });
  document.conditions.forEach((condition, i) =>
    condition.periods.forEach((period, j) => {
      for (const name of period.interpretations ?? []) {
        if (!names.has(name)) report(['conditions', i, 'periods', j, 'interpretations'], `unknown interpretation ${name}`);
      }
    }),
  );
}

function checkConditions(document: PolicyDocument, report: Report): void {
  checkUnique(
    document.conditions.map((each) => each.id),
    ['conditions'],
    'condition',
    report,
  );
  const regimes = new Map<string, string>();
  document.conditions.forEach((condition, i) => {
    const at: Path = ['conditions', i];
    if (condition.regime !== 'annex') {
      const other = regimes.get(condition.regime);
      if (other !== undefined) report([...at, 'regime'], `${other} is already the condition of regime ${condition.regime}`);
      regimes.set(condition.regime, condition.id);
    }
    if (condition.countsIn !== undefined && !document.conditions.some((each) => each.regime === condition.countsIn))
      report([...at, 'countsIn'], `no condition has regime ${condition.countsIn}`);
    checkSeries(condition.periods, [...at, 'periods'], report);
    condition.periods.forEach((period, j) => {
      const cap = period.cap;
      const capAt: Path = [...at, 'periods', j, 'cap'];
      if (period.requires !== undefined) checkSeries(period.requires, [...at, 'periods', j, 'requires'], report);
      if (cap === undefined) return;
      if (cap.count === undefined && cap.classes === undefined) report(capAt, 'has neither a count nor classes');
      if (cap.count !== undefined && cap.classes !== undefined) report(capAt, 'has both a count and classes; keep one');
      if (cap.per === 'term' && period.term === 'open')
        report(capAt, 'is per term, but the term is open: a cap needs its window');
      if (cap.classes !== undefined && cap.per !== 'treatment-year')
        report([...capAt, 'per'], 'classes need treatment-year as the window');
    });
  });
}

function checkThresholds(document: PolicyDocument, report: Report): void {
  const rows = document.thresholds.byStart;
  const at: Path = ['thresholds', 'byStart'];
  rows.forEach((row, i) => {
    const next = rows[i + 1];
    if (i === 0 && row.startedFrom !== undefined) report([...at, i], 'the first row must hold for every earlier start');
    if (next === undefined) {
      if (row.startedThrough !== undefined) report([...at, i], 'the last row must hold for every later start');
    } else if (row.startedThrough === undefined || next.startedFrom !== dayAfter(row.startedThrough)) {
      report([...at, i + 1], 'leaves a gap or overlaps: each row must begin the day after the one before ends');
    }
    if ((row.ifReachedBefore === undefined) !== (row.otherwise === undefined)) {
      report([...at, i], 'ifReachedBefore and otherwise belong together');
    }
  });
  const known = new Set(document.conditions.map((each) => each.id));
  document.thresholds.byCondition.forEach((row, i) => {
    if (!known.has(row.condition)) report(['thresholds', 'byCondition', i, 'condition'], `unknown condition ${row.condition}`);
  });
  const before = new Map<string, Dated>();
  document.thresholds.byCondition.forEach((row, i) => {
    checkDates(row, ['thresholds', 'byCondition', i], report);
    const earlier = before.get(row.condition);
    before.set(row.condition, row);
    // between them the general threshold applies, so a gap is none
    if (earlier !== undefined && row.from <= (earlier.through ?? row.from))
      report(
        ['thresholds', 'byCondition', i, 'from'],
        `begins on ${row.from} and overlaps the threshold of ${row.condition} before it, which ${earlier.through === undefined ? 'has no end: give that one a `through`' : `ends on ${earlier.through}`}`,
      );
  });
}

function checkCodes(document: PolicyDocument, report: Report): void {
  const { indications, performanceLists, performances } = document;
  checkUnique(
    indications.map((each) => each.code),
    ['indications'],
    'indication',
    report,
  );
  const codes = new Set(indications.map((each) => each.code));
  indications.forEach((each, i) => {
    checkDates(each, ['indications', i], report);
    if (each.admittedLike !== undefined && !codes.has(each.admittedLike.code)) {
      report(['indications', i, 'admittedLike'], `unknown indication ${each.admittedLike.code}`);
    }
  });
  checkUnique(
    performanceLists.map((each) => each.list),
    ['performanceLists'],
    'list',
    report,
  );
  performanceLists.forEach((each, i) => checkDates(each, ['performanceLists', i], report));
  document.longSessions.forEach((each, i) => checkDates(each, ['longSessions', i], report));
  const lists = new Set(performanceLists.map((each) => each.list));
  const seen = new Set<string>();
  performances.forEach((each, i) => {
    checkDates(each, ['performances', i], report);
    for (const list of each.lists) {
      if (!lists.has(list)) report(['performances', i, 'lists'], `unknown performance list ${list}`);
      for (const code of each.codes) {
        if (seen.has(`${list}/${code}`)) report(['performances', i, 'codes'], `${code} stands twice in list ${list}`);
        seen.add(`${list}/${code}`);
      }
    }
  });
}

function checkDiagnoses(document: PolicyDocument, report: Report): void {
  const conditions = new Set(document.conditions.map((each) => each.id));
  const indications = new Set(document.indications.map((each) => each.code));
  checkUnique(
    document.diagnoses.map((each) => each.release),
    ['diagnoses'],
    'release',
    report,
  );
  document.diagnoses.forEach((release, r) => {
    const at: Path = ['diagnoses', r];
    const next = document.diagnoses[r + 1];
    if (next !== undefined && next.from <= release.from)
      report(['diagnoses', r + 1, 'from'], 'releases must stand in order of their dates');
    // without an end a release holds until the next one
    else if (next !== undefined && release.through !== undefined && next.from !== dayAfter(release.through))
      report(
        ['diagnoses', r + 1, 'from'],
        `begins on ${next.from}: ${next.from <= release.through ? 'overlaps' : 'leaves a gap after'} the release before it, which ends on ${release.through}`,
      );
    checkDates(release, at, report);
    for (const [csi, id] of Object.entries(release.closedCodeConditions)) {
      if (!indications.has(csi)) report([...at, 'closedCodeConditions', csi], `unknown indication ${csi}`);
      if (id !== 'none' && !conditions.has(id)) report([...at, 'closedCodeConditions', csi], `unknown condition ${id}`);
    }
    const open = new Set(release.rows.flatMap((row) => row.locations.map((location) => location + row.pathology)));
    (release.formerly ?? []).forEach((each, i) => {
      const formerAt: Path = [...at, 'formerly', i];
      if (!open.has(each.code)) report([...formerAt, 'code'], `${each.code} is not open in this release`);
      for (const csi of each.indications) if (!indications.has(csi)) report(formerAt, `unknown indication ${csi}`);
      for (const item of each.items) if (!conditions.has(item)) report(formerAt, `unknown condition ${item}`);
    });
    const locations = new Set(release.locations.map((each) => each.code));
    const pathologies = new Set(release.pathologies.map((each) => each.code));
    const availabilities = new Set(['all', ...release.availabilities.map((each) => each.id)]);
    const opened = new Set<string>();
    release.rows.forEach((row, i) => {
      const rowAt: Path = [...at, 'rows', i];
      if (!pathologies.has(row.pathology)) report([...rowAt, 'pathology'], `unknown pathology ${row.pathology}`);
      if (!availabilities.has(row.openTo)) report([...rowAt, 'openTo'], `unknown availability ${row.openTo}`);
      for (const item of row.items) if (!conditions.has(item)) report([...rowAt, 'items'], `unknown condition ${item}`);
      for (const csi of [...row.adult, ...row.childPhysiotherapy, ...row.childExercise]) {
        if (!indications.has(csi)) report(rowAt, `unknown indication ${csi}`);
      }
      for (const location of row.locations) {
        if (!locations.has(location)) report([...rowAt, 'locations'], `unknown location ${location}`);
        const code = location + row.pathology;
        if (opened.has(code)) report([...rowAt, 'locations'], `${code} is opened by an earlier line already`);
        opened.add(code);
      }
    });
  });
}

function checkInsurers(document: PolicyDocument, report: Report): void {
  const conditions = new Set(document.conditions.map((each) => each.id));
  const owners = new Map<string, string>();
  document.insurers.forEach((insurer, i) => {
    const at: Path = ['insurers', i];
    if (!insurer.ownInsurers.includes(insurer.insurer)) report([...at, 'ownInsurers'], `must hold ${insurer.insurer} itself`);
    insurer.ownInsurers.forEach((label, j) => {
      const owner = owners.get(label);
      if (owner !== undefined) report([...at, 'ownInsurers', j], `${label} belongs to ${owner} already`);
      owners.set(label, insurer.insurer);
    });
    for (const key of [
      'paysProviderInFull',
      'claimTimeLimitMonths',
      'closedCodeGrace',
      'overCapUsesSupplementary',
      'deductibleExemptions',
    ] as const) {
      checkSeries(insurer[key], [...at, key], report);
    }
    const known = (ids: readonly string[], path: Path): void => {
      for (const id of ids) if (!conditions.has(id)) report(path, `unknown condition ${id}`);
    };
    insurer.overCapUsesSupplementary.forEach((each, j) =>
      known(each.except ?? [], [...at, 'overCapUsesSupplementary', j, 'except']),
    );
    if (insurer.authorisationFor !== undefined) checkSeries(insurer.authorisationFor, [...at, 'authorisationFor'], report);
    insurer.authorisationFor?.forEach((each, j) => known(each.value, [...at, 'authorisationFor', j, 'value']));
    insurer.deductibleExemptions.forEach((each, j) => known(each.value, [...at, 'deductibleExemptions', j, 'value']));
    checkUnique(
      insurer.packages.map((each) => each.name),
      [...at, 'packages'],
      'package',
      report,
    );
    insurer.packages.forEach((each, j) => checkSeries(each.periods, [...at, 'packages', j, 'periods'], report));
    checkInsurerPerformances(document, insurer, at, report);
  });
}
