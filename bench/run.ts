/** `npm run bench -- NAME`: a figure that README claims, measured here and now against its named reference. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  dedup: async () => await (await import('./dedup.ts')).dedup(),
  embed: async () => await (await import('./embed.ts')).embed(),
  fetch: async () => await (await import('./fetch.ts')).fetchPages(),
  queue: async () => await (await import('./queue.ts')).queue(),
  roc: async () => await (await import('./roc.ts')).roc(),
  polling: async () => await (await import('./polling.ts')).polling(),
  alerts: async () => await (await import('./alerts.ts')).alerts(),
  'end-to-end': async () => await (await import('./end_to_end.ts')).endToEnd(),
  growth: async () => await (await import('./growth.ts')).growth(),
  curate: async () => await (await import('./curate.ts')).curate(),
};

const [name = ''] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(
    `unknown benchmark ${JSON.stringify(name)}. Known benchmarks: ${Object.keys(benches).join(', ')}\n`,
  );
  process.exit(2);
}
await bench();
process.exit(0);
