/** Whether two actors, users or processes, are one: spaces around a name and its case make nobody another person. */
export const isSameActor = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();
