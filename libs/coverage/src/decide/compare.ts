/** Plain string order, of ISO dates and of ids: what makes a sort independent of the order of arrival. */
export const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
