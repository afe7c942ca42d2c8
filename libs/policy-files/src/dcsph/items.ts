/** Entitlement items as the workbook names them: `B18°` of Annex 1, `2.6.5` of the decree, in texts of any other words. */

/** Paragraphs that say how the items work and are none themselves: all of Annex 1 (2), and the young outside it (8). */
const GENERAL_PARAGRAPHS = ['2.6-1', '2.6-2', '2.6-8'];
const ANNEX = /(?<![A-Za-z])([A-D])\s?(\d{1,2})\s?[°º˚]/gi;
const DEGREE = /[°º˚]/g;
const PARAGRAPH = /(?<![\d.])2\.6\s?[.-]\s?(\d{1,2})(?!\d)/g;

/** Items in the order in which they stand, each once; or what cannot be understood. */
export function itemsIn(text: string): { readonly items: readonly string[] } | { readonly problem: string } {
  const annex = [...text.matchAll(ANNEX)].map((match) => ({
    at: match.index,
    id: `1.${(match[1] ?? '').toLowerCase()}.${Number(match[2])}`,
  }));
  if ([...text.matchAll(DEGREE)].length !== annex.length)
    return { problem: `"${text}" has a ° without an item of Annex 1 before it, such as B18°` };
  const paragraphs = [...text.matchAll(PARAGRAPH)]
    .map((match) => ({ at: match.index, id: `2.6-${Number(match[1])}` }))
    .filter(({ id }) => !GENERAL_PARAGRAPHS.includes(id));
  return { items: [...new Set([...annex, ...paragraphs].sort((a, b) => a.at - b.at).map(({ id }) => id))] };
}

/** Whether an item's id is one that the workbook can name. */
export const isOfficialItem = (id: string): boolean => /^1\.[a-d]\.\d+$|^2\.6-\d+$/.test(id);
