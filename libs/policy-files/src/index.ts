/** Policy as dated data: the bundled files, their loader and their checks. */
export { loadPolicyFiles, policyFromContent, type LoadedPolicy } from './load';
export { PolicyFileError, type PolicyProblem } from './problem';
