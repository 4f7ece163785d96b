// The thread's entry in a clone, where nothing is compiled. A thread on Node 20 gets no loader from the thread that
// starts it, and tsx does not take effect in one by --import.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
