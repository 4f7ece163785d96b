/** What we use of WebAssembly's JavaScript interface, which TypeScript declares only along with the DOM. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => Memory;
  readonly Instance: new (
    module: object,
    imports: { env: { memory: Memory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const pageBytes = 65_536;
const growthBytes = 16 * pageBytes;

/** The compiled `kernel.wasm`, ready to be instantiated. */
export class Kernel {
  readonly #module: object;

  /** @throws {WebAssembly.CompileError} when `bytes` are not WebAssembly, or the engine lacks its SIMD instructions */
  constructor(bytes: Uint8Array) {
    this.#module = new WebAssembly.Module(bytes);
  }

  /** One of the kernel's functions (`kernel/kernel.as` documents them), over a memory of its own. */
  instantiate(
    name: 'screen' | 'project' | 'cosines',
    bytes: number,
  ): { run(...args: number[]): number; memory: KernelMemory } {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
    const run = new WebAssembly.Instance(this.#module, { env: { memory } }).exports[name];
    if (typeof run !== 'function') throw new TypeError(`the kernel exports no function ${name}`);
    return { run: (...args) => Number(run(...args)), memory: new KernelMemory(memory) };
  }
}

/** A kernel's memory. Growing it detaches all arrays over it: read `buffer` again afterwards. */
export class KernelMemory {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  /**
   * Makes room for `bytes`, and says whether it had to grow.
   *
   * @throws {RangeError} beyond the 4 GiB that a kernel can address
   */
  growTo(bytes: number): boolean {
    if (bytes <= this.buffer.byteLength) return false;
    const missing = Math.ceil((bytes - this.buffer.byteLength) / growthBytes) * growthBytes;
    this.#memory.grow(missing / pageBytes);
    return true;
  }
}
