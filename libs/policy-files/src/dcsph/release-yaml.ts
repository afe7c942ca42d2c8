/** The YAML half of a release of the diagnosis list, in the form in which the bundled one stands. */
import type { CodeName, DiagnosisRelease } from '#libs/coverage';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const names = (list: readonly CodeName[]): string[] =>
  list.map(({ code, name }) => `  - { code: ${quoted(code)}, name: ${quoted(name)} }`);

/** @param table name of the CSV file beside it */
export function releaseYaml(release: DiagnosisRelease, table: string): string {
  const lines = [
    `# The diagnosis list (DCSPH) as it stands from ${release.from}, read from the official workbook.`,
    '#',
    '# A code is four digits: the location (first two) and the pathology (last two). Open codes stand in the table beside this file',
    '# (`rows`); every other combination of a known location and a known pathology is CLOSED; anything else is unknown.',
    '',
    `release: ${quoted(release.release)}`,
    `from: ${release.from}`,
    ...(release.through === undefined ? [] : [`through: ${release.through}`]),
    `source: ${quoted(release.source)}`,
    `rows: ${table}`,
    '',
    '# Pathologies that exist at one location only: elsewhere such a code is unknown, not closed.',
    ...listOf(
      'onlyAt',
      release.onlyAt.map((each) => `  - { pathology: ${quoted(each.pathology)}, location: ${quoted(each.location)} }`),
    ),
    '',
    '# What `open_to` means in the table: the line needs one of these performances, otherwise 0562; `closedForLists`: closed for lines',
    '# of these performance lists.',
    ...listOf(
      'availabilities',
      release.availabilities.flatMap(({ id, anyOf, closedForLists }) => [
        `  - id: ${id}`,
        ...(anyOf === undefined ? [] : [`    anyOf: ${flow(anyOf)}`]),
        ...(closedForLists === undefined ? [] : [`    closedForLists: ${flow(closedForLists)}`]),
      ]),
    ),
    '',
    '# What a closed code invokes while an insurer still accepts it, by indication code; any other indication code is 8058.',
    'closedCodeConditions:',
    ...Object.entries(release.closedCodeConditions).map(([csi, id]) => `  ${quoted(csi)}: ${quoted(id)}`),
    '',
    'locations:',
    ...names(release.locations),
    '',
    'pathologies:',
    ...names(release.pathologies),
  ];
  return `${lines.join('\n')}\n`;
}

const listOf = (key: string, lines: readonly string[]): string[] => (lines.length === 0 ? [`${key}: []`] : [`${key}:`, ...lines]);

/** Lists and small maps of texts on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${flow(each)}`)
      .join(', ')} }`;
  return quoted(String(value));
}
