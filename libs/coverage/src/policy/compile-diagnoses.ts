/** Unfolds the compact diagnosis list into one entry per code, with its items in order of preference. */
import type { Condition, DiagnosisIndex, DiagnosisInfo, IndicationInfo } from './book';
import type { DiagnosisRelease, DiagnosisRow, PolicyDocument, Therapy } from './document';
import { PolicyError } from './policy-error';
import { Timeline } from './timeline';

type Conditions = ReadonlyMap<string, Condition>;
type Indications = ReadonlyMap<string, IndicationInfo>;

/** Codes that a release opens count as open for earlier dates too, hence the first release stands before its own date. */
export function compileDiagnoses(
  document: PolicyDocument,
  conditions: Conditions,
  indications: Indications,
): Timeline<DiagnosisIndex> {
  const releases = [...document.diagnoses].sort((a, b) => (a.from < b.from ? -1 : 1));
  const [first, ...rest] = releases.map((release) => ({
    from: release.from,
    value: compileRelease(release, document, conditions, indications),
  }));
  if (first === undefined) throw new PolicyError('diagnoses: no release of the diagnosis list');
  return new Timeline([first, ...rest]);
}

function compileRelease(
  release: DiagnosisRelease,
  document: PolicyDocument,
  conditions: Conditions,
  indications: Indications,
): DiagnosisIndex {
  const locations = new Set(release.locations.map((each) => each.code));
  const onlyAt = new Map(release.onlyAt.map((each) => [each.pathology, each.location]));
  const pathologies = new Set(release.pathologies.map((each) => each.code));
  const open = new Map<string, DiagnosisInfo>();
  for (const row of release.rows) {
    const items = orderedItems(row, conditions);
    const availability = release.availabilities.find((each) => each.id === row.openTo) ?? null;
    if (availability === null && row.openTo !== 'all') throw new PolicyError(`diagnoses: unknown availability ${row.openTo}`);
    const masks = {
      adultMask: mask(row.adult, indications),
      childPhysiotherapyMask: withLikes(row.childPhysiotherapy, 'physiotherapy', document, indications),
      childExerciseMask: withLikes(row.childExercise, 'exercise', document, indications),
    };
    for (const location of row.locations) {
      const code = location + row.pathology;
      if (open.has(code)) throw new PolicyError(`diagnoses: ${code} is opened by two rows`);
      open.set(code, { code, closed: false, availability, items, former: null, laterality: row.laterality, ...masks });
    }
  }
  for (const { code, indications: admitted, items, through } of release.formerly ?? []) {
    const info = open.get(code);
    if (info === undefined) throw new PolicyError(`diagnoses: ${code} admitted something formerly but is not open`);
    const former = { mask: mask(admitted, indications), items: items.map((id) => itemOf(id, code, conditions)), through };
    open.set(code, { ...info, former });
  }
  const closedEntry: Omit<DiagnosisInfo, 'code'> = {
    closed: true,
    availability: null,
    items: [],
    former: null,
    laterality: false,
    adultMask: 0,
    childPhysiotherapyMask: 0,
    childExerciseMask: 0,
  };
  const isClosed = (code: string): boolean => {
    if (open.has(code)) return false;
    const pathology = code.slice(2);
    const only = onlyAt.get(pathology);
    return locations.has(code.slice(0, 2)) && pathologies.has(pathology) && (only === undefined || only === code.slice(0, 2));
  };
  return { open, closed: (code) => (isClosed(code) ? { code, ...closedEntry } : null) };
}

/** The default item first: the longest maximum term (open beats any), ties by the lowest item id in numeric order. */
function orderedItems(row: DiagnosisRow, conditions: Conditions): Condition[] {
  const items = row.items.map((id) => itemOf(id, `pathology ${row.pathology}`, conditions));
  const length = (condition: Condition): number => condition.terms.at('9999-12-31').termMonths ?? Number.MAX_SAFE_INTEGER;
  return items.filter((item) => item.regime === 'annex').sort((a, b) => length(b) - length(a) || byItemId(a.id, b.id));
}

function itemOf(id: string, where: string, conditions: Conditions): Condition {
  const condition = conditions.get(id);
  if (condition === undefined) throw new PolicyError(`diagnoses: ${where} names the unknown condition ${id}`);
  return condition;
}

/** `1.a.2` before `1.a.10`: part by part, numbers by value. */
const byItemId = new Intl.Collator('en', { numeric: true }).compare;

function mask(codes: readonly string[], indications: Indications): number {
  let bits = 0;
  for (const code of codes) {
    const indication = indications.get(code);
    if (indication === undefined) throw new PolicyError(`diagnoses: unknown indication code ${code}`);
    bits |= indication.bit;
  }
  return bits;
}

function withLikes(codes: readonly string[], therapy: Therapy, document: PolicyDocument, indications: Indications): number {
  const likes = document.indications.filter(
    (each) => each.admittedLike?.therapy === therapy && codes.includes(each.admittedLike.code),
  );
  return mask([...codes, ...likes.map((each) => each.code)], indications);
}
