import { type Deduper, openDeduper } from './deduper.ts';

/** What a deduper's decisions depend on, besides the vectors. */
export interface DedupSettings {
  readonly dataset: string;
  readonly dimension: number;
  readonly threshold: number;
}

/** A deduper, and the names of the files whose vectors it has kept, in order. */
export interface Lease {
  readonly deduper: Deduper;
  readonly kept: readonly string[];
  /** Keeps the deduper for the next run: it has kept the vectors of these files, `rows` in all. */
  keep(files: readonly string[], rows: number): Promise<void>;
  /** Ends the deduper, unless it was kept. */
  end(): Promise<void>;
}

/**
 * The dedupers of a process. One that a run has used stays for the dataset's next run, as far as memory allows, so that a
 * run with few new rows does not read all kept vectors again.
 */
export interface Dedupers {
  /**
   * A deduper that has kept the vectors of the first of `files`, or of none of them.
   * @param signal ends the deduper at once
   */
  take(settings: DedupSettings, files: readonly string[], signal: AbortSignal): Promise<Lease>;
  close(): Promise<void>;
}

/** Memory of a kept vector: its float32 numbers, the numbers that it is screened by, and the way it is numbered. */
const bytesPerNumber = 6;

interface Kept {
  readonly deduper: Deduper;
  readonly settings: DedupSettings;
  readonly files: readonly string[];
  readonly bytes: number;
}

/** @param memoryMb what the dedupers that wait for a next run may hold together */
export function openDedupers(memoryMb: number): Dedupers {
  const waiting = new Map<string, Kept>();

  async function drop(dataset: string): Promise<void> {
    const kept = waiting.get(dataset);
    waiting.delete(dataset);
    await kept?.deduper.close();
  }

  /** The deduper that waits for this dataset, if it fits. */
  async function waitingFor(settings: DedupSettings, files: readonly string[]): Promise<Kept | null> {
    const kept = waiting.get(settings.dataset);
    if (kept === undefined) return null;
    const fits =
      kept.settings.threshold === settings.threshold &&
      kept.settings.dimension === settings.dimension &&
      kept.files.every((file, index) => file === files[index]);
    if (!fits) await drop(settings.dataset);
    waiting.delete(settings.dataset);
    return fits ? kept : null;
  }

  async function keep(kept: Kept): Promise<void> {
    const { dataset } = kept.settings;
    await drop(dataset);
    waiting.set(dataset, kept);
    const bytes = () => [...waiting.values()].reduce((sum, each) => sum + each.bytes, 0);
    // The one used longest ago comes first.
    for (const oldest of [...waiting.keys()]) if (bytes() > memoryMb * 1e6) await drop(oldest);
  }

  return {
    async take(settings, files, signal) {
      const kept = await waitingFor(settings, files);
      const deduper = kept?.deduper ?? openDeduper(settings);
      const abort = () => deduper.abort(signal.reason);
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
      let isKept = false;
      return {
        deduper,
        kept: kept?.files ?? [],
        async keep(all, rows) {
          signal.removeEventListener('abort', abort);
          if (deduper.hasEnded) return;
          isKept = true;
          deduper.rest();
          await keep({ deduper, settings, files: all, bytes: rows * settings.dimension * bytesPerNumber });
        },
        async end() {
          signal.removeEventListener('abort', abort);
          if (!isKept) await deduper.close();
        },
      };
    },
    async close() {
      await Promise.all([...waiting.keys()].map(drop));
    },
  };
}
