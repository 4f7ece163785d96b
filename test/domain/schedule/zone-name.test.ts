import { expect, it } from 'vitest';
import { isTimeZone, likelyTimeZone } from '../../../src/domain/schedule/zone-name.ts';

const known = Intl.supportedValuesOf('timeZone');

it.each([
  'Asia/Kolkata',
  'Europe/Kyiv',
  'America/Argentina/Buenos_Aires',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'America/Indiana/Indianapolis',
  'Etc/UTC',
  'US/Eastern',
  'UTC',
  'Etc/GMT+2',
  ...known,
])('%s is a time zone', name => {
  expect(isTimeZone(name)).toBe(true);
});

it.each([
  ['Europe/Berln', 'Europe/Berlin'],
  ['europe/pariss', 'Europe/Paris'],
  ['New York', 'America/New_York'],
  ['Berlin', 'Europe/Berlin'],
  ['Asia/Tokio', 'Asia/Tokyo'],
  ['Mars/Olympus', null],
  ['', null],
])('"%s" is likely %s', (text, name) => {
  expect(isTimeZone(text)).toBe(false);
  expect(likelyTimeZone(text, known)).toBe(name);
});
