import { MlopsError, systemCode } from '../../errors.ts';

const codes = ['ERR_DLOPEN_FAILED', 'ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];
const words = /invalid ELF|GLIBC|ld-linux|cannot open shared object|file too short|not a mach-o|onnxruntime_binding/i;

/** The error for a native runtime that cannot be loaded here, which no other attempt changes; `null` where `cause` is another failure. */
export function runtimeFailure(cause: unknown): MlopsError | null {
  if (!(cause instanceof Error)) return null;
  const code = systemCode(cause) ?? '';
  if (!codes.includes(code) && !words.test(cause.message)) return null;
  const [why = ''] = cause.message.split('\n');
  return new MlopsError(
    'RUNTIME_UNUSABLE',
    `The inference runtime onnxruntime cannot be loaded: ${why.slice(0, 200)}. It needs glibc (Debian images, not Alpine) and its files for ${process.platform}-${process.arch}`,
    { cause },
  );
}
