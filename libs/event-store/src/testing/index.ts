/**
 * The contract of the event store port: a jest suite that every adapter passes. Called from an adapter's own specification, by
 * relative path, so that nothing of jest reaches the library.
 */
import { appendContract } from './append-contract';
import type { StoreUnderTest } from './fixtures';
import { parallelContract } from './parallel-contract';
import { readContract } from './read-contract';
import { subscriptionContract } from './subscription-contract';

export * from './fixtures';

/** `makeStore` is called once; the log need not be empty, but nobody else may write to it meanwhile. */
export function eventStoreContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`event store contract: ${name}`, () => {
    jest.setTimeout(60_000); // many tests wait for a log that others may hold back
    let tested: StoreUnderTest | undefined;
    const store = (): StoreUnderTest => {
      if (tested === undefined) throw new Error('the store was not made');
      return tested;
    };
    beforeAll(async () => {
      tested = await makeStore();
    });
    afterAll(async () => {
      await tested?.dispose();
    });

    describe('append', () => appendContract(store));
    describe('read', () => readContract(store));
    describe('subscribe', () => subscriptionContract(store));
    describe('in parallel', () => parallelContract(store));
  });
}
