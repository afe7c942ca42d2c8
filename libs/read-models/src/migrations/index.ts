import { ReadModels1790000000000 } from './1790000000000-read-models';

/** Every migration, oldest first. */
export const READ_MODEL_MIGRATIONS = [ReadModels1790000000000];
