import { prefersCsv } from './accept';

describe('the form of an answer', () => {
  test.each([
    'text/csv',
    'TEXT/CSV; charset=utf-8',
    'text/*',
    'text/csv, */*',
    'text/csv, application/json;q=0.9',
    'application/json;q=0, */*;q=0.1',
  ])('is CSV for %s', (accept) => {
    expect(prefersCsv(accept)).toBe(true);
  });

  test.each([
    undefined,
    '',
    '*/*',
    'application/json',
    'application/*, */*',
    'image/png',
    'text/csv;q=0',
    'text/csv;q=2',
    'text/csv, application/json',
    'application/json, text/csv;q=0.9',
    'text/html, */*;q=0.8',
    'text/csv;q=0, */*',
  ])('is JSON for %s', (accept) => {
    expect(prefersCsv(accept)).toBe(false);
  });
});
