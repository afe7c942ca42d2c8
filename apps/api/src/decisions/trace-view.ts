import { sentencesOf, type Trace } from '#libs/coverage';
import type { SentencesAnswer, TraceAnswer } from './trace-schema';

export const traceOf = (trace: Trace): TraceAnswer => ({
  rule: trace.rule,
  decidedBy: trace.decidedBy,
  condition: trace.condition,
  policy: trace.policy,
  steps: trace.steps.map(({ step, name, outcome, parameters, facts }) => ({
    ...{ step, name, outcome },
    parameters: parameters.map((each) => ({ ...each })),
    facts: { ...facts },
  })),
  next: trace.next.map(({ kind, values }) => ({ kind, values: { ...values } })),
});

export const sentencesIn = (trace: Trace): SentencesAnswer => ({ en: inOne(trace, 'en'), nl: inOne(trace, 'nl') });

function inOne(trace: Trace, language: 'en' | 'nl'): SentencesAnswer['en'] {
  const { decision, next } = sentencesOf(trace, language);
  return { decision, next: [...next] };
}
