const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const durationShape = 'must be a duration such as 90s, 10m, 72h or 3d';

/** A duration such as 90s, 10m, 72h, 3d, or 0, in milliseconds; `null` for anything else. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = units[unit ?? ''];
  return count === undefined || ms === undefined ? null : Number(count) * ms;
}
