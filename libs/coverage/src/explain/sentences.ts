import { nextSentence } from './next-sentence';
import { decidingSentence, type Language } from './sentence';
import type { Trace } from './trace-shape';

export interface Sentences {
  /** Of the step that decided. */
  readonly decision: string;
  /** Of each change that lies ahead, in the order of the trace. */
  readonly next: readonly string[];
}

/** A trace in words: made from the trace and fixed templates, never from free text. */
export const sentencesOf = (trace: Trace, language: Language): Sentences => ({
  decision: decidingSentence(trace, language),
  next: trace.next.map((change) => nextSentence(change, trace, language)),
});
