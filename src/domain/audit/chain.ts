import type { AuditFinding, FoundSegment, Position } from './segment.ts';

/** Checks a chain that is fed to it segment by segment, in the order of their numbers; it holds one at a time. */
export interface ChainCheck {
  /** What is wrong with `found`, or shows through it of those before. */
  next(found: FoundSegment): AuditFinding[];
  /** Findings that can be made only at the end of the entries. */
  end(): AuditFinding[];
  /** The newest segment fed. */
  readonly head: Position | null;
}

/**
 * @param expected a head that was noted earlier: the chain alone cannot show that its newest segments were cut off, or
 *   all of it replaced
 */
export function checkChain(expected?: Position): ChainCheck {
  let before: FoundSegment | null = null;
  let isExpectedSeen = false;

  return {
    get head() {
      return before === null ? null : { number: before.number, sha256: before.sha256 };
    },
    next(found) {
      const findings = [...gap(before?.number ?? 0, found.number), ...own(found), ...link(before, found)];
      if (found.number === expected?.number) {
        isExpectedSeen = true;
        if (found.sha256 !== expected.sha256)
          findings.push({
            segment: found.number,
            what: `its hash is ${found.sha256}, not the expected ${expected.sha256}: it was altered or replaced`,
          });
      }
      before = found;
      return findings;
    },
    end() {
      if (expected === undefined || isExpectedSeen) return [];
      const last = before?.number ?? 0;
      // Within the log, it is a gap, and named as such.
      if (expected.number < last) return [];
      return [
        {
          segment: expected.number,
          what: `missing: the log ends at ${last}, though it once reached ${expected.number}; its end was cut off`,
        },
      ];
    },
  };
}

function gap(last: number, number: number): AuditFinding[] {
  if (number === last + 1) return [];
  if (number === last + 2) return [{ segment: last + 1, what: 'missing' }];
  return [{ segment: last + 1, what: `missing, and so are all up to ${number - 1}` }];
}

/** What a segment shows without its neighbours. */
function own({ number, segment, damage }: FoundSegment): AuditFinding[] {
  if (segment === null) return [{ segment: number, what: `damaged: ${damage}` }];
  if (segment.number !== number) return [{ segment: number, what: `replaced: found segment ${segment.number}` }];
  if ((segment.previous === null) === (number === 1)) return [];
  return [
    {
      segment: number,
      what: number === 1 ? 'it names one before it, though it is the first' : 'it names none before it',
    },
  ];
}

/** Whether `found` holds the hash of the one before it, where both are what their places say: the rest has been named. */
function link(before: FoundSegment | null, found: FoundSegment): AuditFinding[] {
  const { number, segment } = found;
  if (before === null || before.number !== number - 1 || !standsInPlace(before) || !standsInPlace(found)) return [];
  if (segment === null || segment.previous === null || segment.previous === before.sha256) return [];
  return [
    {
      segment: before.number,
      what: `altered or replaced: segment ${number} holds another hash of it (or ${number} itself was altered)`,
    },
  ];
}

function standsInPlace({ number, segment }: FoundSegment): boolean {
  return segment?.number === number;
}
