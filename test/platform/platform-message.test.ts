import { expect, it } from 'vitest';
import { platformMessage } from '../../src/platform/platform-message.ts';

it('says what the platform says, in whichever of its shapes', () => {
  expect(platformMessage({ message: 'page must be positive' }, [])).toBe(' (it says: page must be positive)');
  expect(platformMessage({ error: 'invalid_client', error_description: 'unknown client' }, [])).toBe(
    ' (it says: unknown client)',
  );
  expect(platformMessage('<html>', [])).toBe('');
});

it('leaves out what the platform repeats of our secrets, however it spells them', () => {
  const secret = 'p&ss "word"';
  const echo = `client_secret=${encodeURIComponent(secret)} ${secret} ${JSON.stringify({ secret })} authorization: bearer abc.def`;
  const said = platformMessage({ message: echo }, [secret]);
  for (const part of ['p&ss', 'p%26ss', 'word', 'abc.def']) expect(said).not.toContain(part);
});
