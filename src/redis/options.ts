/** What a redis-server must be started with to carry queues: nothing evicted, every acknowledged job on disk, timers to 10 ms. */
export const redisServerOptions = [
  ['appendonly', 'yes'],
  ['appendfsync', 'everysec'],
  ['maxmemory-policy', 'noeviction'],
  ['save', ''],
  ['hz', '100'],
] as const;
