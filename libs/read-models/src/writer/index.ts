export * from './project-partitions';
