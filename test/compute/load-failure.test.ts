import { expect, it } from 'vitest';
import { runtimeFailure } from '../../src/compute/embedding/load-failure.ts';

it.each([
  Object.assign(new Error('/app/onnxruntime_binding.node: invalid ELF header'), { code: 'ERR_DLOPEN_FAILED' }),
  new Error('Error loading shared library ld-linux-x86-64.so.2: No such file or directory'),
  new Error("/lib/libm.so.6: version `GLIBC_2.38' not found"),
])('a runtime that cannot be loaded is a final error: $message', cause => {
  expect(runtimeFailure(cause)).toMatchObject({ code: 'RUNTIME_UNUSABLE', verdict: 'final' });
});

it('other crashes are not', () => {
  expect(runtimeFailure(new Error('Worker terminated due to reaching memory limit'))).toBeNull();
});
