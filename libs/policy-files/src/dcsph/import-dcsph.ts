/** A release of the diagnosis list as a pair of policy files, and what it changes for people who declare. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { dayAfter, type DiagnosisRelease, type PolicyDocument } from '#libs/coverage';
import { diagnosisCsv, unfoldRows, type CodeEntry } from '../diagnosis-codes';
import { checked } from '../load';
import { PolicyFileError } from '../problem';
import { readDcsph, type DcsphList } from './read-dcsph';
import { releaseYaml } from './release-yaml';

/** One aspect of an open code before and after. */
export interface DcsphChange {
  readonly code: string;
  readonly what: 'items' | 'indications' | 'availability' | 'side';
  readonly from: string;
  readonly to: string;
}

export interface DcsphComparison {
  /** Name of the release that it is compared with. */
  readonly with: string;
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  readonly changed: readonly DcsphChange[];
  /** Locations and pathologies that only one of the two has: `+location 95`, `-pathology 37`. */
  readonly table: readonly string[];
}

export interface DcsphImport {
  readonly counts: {
    readonly codes: number;
    readonly open: number;
    readonly closed: number;
    readonly openTo: Readonly<Record<string, number>>;
  };
  readonly comparison: DcsphComparison;
  readonly carried: DcsphList['carried'];
  /** The pair of files by path below a policy folder; null without a date from which the release holds. */
  readonly files: {
    readonly yaml: readonly [path: string, text: string];
    readonly csv: readonly [path: string, text: string];
  } | null;
}

export interface DcsphNaming {
  /** First day of the release, YYYY-MM-DD; null = compare only. */
  readonly validFrom: string | null;
  /** Name of the release; null = named after its first day. */
  readonly release: string | null;
}

/**
 * Reads a workbook and compares it with the latest release of a policy. Nothing is written.
 * @param file path of the workbook, for problems and as the source
 * @throws PolicyFileError with every problem, each with row and cell; also when the release would not fit into the policy
 */
export function importDcsph(bytes: Buffer, file: string, policy: PolicyDocument, naming: DcsphNaming): DcsphImport {
  const list = readDcsph(bytes, file, policy);
  const present = policy.diagnoses.at(-1);
  if (present === undefined) throw new TypeError('a policy document has a release of the diagnosis list');
  const from = naming.validFrom ?? dayAfter(present.from);
  if (from <= present.from) {
    const problem = `would hold from ${from}, not after release ${present.release}, which holds from ${present.from}: choose a later day`;
    throw new PolicyFileError([{ file, line: 1, path: '', problem }]);
  }
  const digest = createHash('sha256').update(bytes).digest('hex');
  const release: DiagnosisRelease = {
    release: naming.release ?? `dcsph-${from}`,
    from,
    source: `Official DCSPH workbook ${basename(file)}, SHA-256 ${digest}`,
    ...list.content,
  };
  // as the loader would: a file that cannot be loaded is not written
  checked({ ...policy, diagnoses: [...policy.diagnoses.map(endedBefore(from)), release] }, (path) => ({
    file,
    line: 1,
    path: path.slice(2).map(String).join('.'),
  }));
  const openTo: Record<string, number> = {};
  for (const entry of list.codes.values()) openTo[entry.openTo] = (openTo[entry.openTo] ?? 0) + 1;
  const name = `diagnoses/dcsph-${from}`;
  return {
    counts: { codes: list.codes.size + list.closed, open: list.codes.size, closed: list.closed, openTo },
    comparison: compare(present, list),
    carried: list.carried,
    files:
      naming.validFrom === null
        ? null
        : {
            yaml: [`${name}.yaml`, releaseYaml(release, `dcsph-${from}.csv`)],
            csv: [`${name}.csv`, diagnosisCsv(release.rows)],
          },
  };
}

/** Whatever end the latest release has been given: whether the new one fits is judged when the folder is checked. */
const endedBefore =
  (from: string) =>
  (release: DiagnosisRelease): DiagnosisRelease => {
    const { through, ...open } = release;
    return through !== undefined && dayAfter(through) === from ? release : open;
  };

function compare(present: DiagnosisRelease, list: DcsphList): DcsphComparison {
  const before = unfoldRows(present.rows);
  const opened = [...list.codes.keys()].filter((code) => !before.has(code)).sort();
  const closed = [...before.keys()].filter((code) => !list.codes.has(code)).sort();
  const changed = [...list.codes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([code, after]) => {
      const was = before.get(code);
      if (was === undefined) return [];
      const [old, now] = [aspects(was), aspects(after)];
      return (Object.keys(now) as DcsphChange['what'][])
        .filter((what) => old[what] !== now[what])
        .map((what) => ({ code, what, from: old[what], to: now[what] }));
    });
  const differ = (what: string, a: DiagnosisRelease['locations'], b: DiagnosisRelease['locations']): string[] => {
    const [left, right] = [a.map((each) => each.code), b.map((each) => each.code)];
    return [
      ...right.filter((code) => !left.includes(code)).map((code) => `+${what} ${code}`),
      ...left.filter((code) => !right.includes(code)).map((code) => `-${what} ${code}`),
    ];
  };
  return {
    with: present.release,
    opened,
    closed,
    changed,
    table: [
      ...differ('location', present.locations, list.content.locations),
      ...differ('pathology', present.pathologies, list.content.pathologies),
    ],
  };
}

const aspects = (entry: CodeEntry): Record<DcsphChange['what'], string> => ({
  items: entry.items.join(' ') || 'none',
  indications: [
    `adults ${entry.adult.join(' ') || 'none'}`,
    `physiotherapy under 18 ${entry.childPhysiotherapy.join(' ') || 'none'}`,
    `exercise therapy under 18 ${entry.childExercise.join(' ') || 'none'}`,
  ].join('; '),
  availability: entry.openTo,
  side: entry.laterality ? 'needed' : 'not needed',
});
