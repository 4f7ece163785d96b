import { Command } from 'commander';
import { installRedisServer } from '../../src/redis/install.ts';
import { findRedisServer } from '../../src/redis/program.ts';
import { say } from './terminal.ts';

export function setupCommand(): Command {
  return new Command('setup').action(() => {
    installRedisServer(say);
    say(`redis-server: ${findRedisServer()}`);
  });
}
