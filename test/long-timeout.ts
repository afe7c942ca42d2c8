// Tests that start processes or a database wait for what they started; a hang is ended after two minutes.
jest.setTimeout(120_000);
