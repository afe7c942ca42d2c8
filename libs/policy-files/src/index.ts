/** Policy as dated data: the bundled files, their loader and their checks; comparing, scenarios, the diagnosis list's workbook. */
export { loadPolicyFiles, policyFromContent, sealed as sealPolicy, type LoadedPolicy } from './load';
export { PolicyFileError, type PolicyProblem } from './problem';
export { diffPolicies, type PolicyDifference } from './diff';
export { layScenario } from './scenario';
export { importDcsph, type DcsphChange, type DcsphImport, type DcsphNaming } from './dcsph/import-dcsph';
export { policyOn, type ConditionOnDate, type InsurerOnDate, type PolicyOnDate, type ValueInForce } from './values-on';
