import { openStored, otherTenants } from '../../app/stored.ts';
import { hashModel, proveModelRuns } from '../../compute/embedding/embedder.ts';
import { vendoredModel } from '../../compute/embedding/model.ts';
import type { Config } from '../../config/config.ts';
import { type Check, check } from './check.ts';
import { examineExposure, examineWebhooks } from './exposure.ts';
import { examineServices } from './platform-access.ts';
import { examineStorage } from './storage.ts';

/** Checks everything the system depends on. Checks are independent, so that one failure does not hide another. */
export async function examine(
  settings: Config,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Check[]> {
  const { modelPath } = settings;
  const { store } = openStored(settings);
  return [
    tenantCheck(settings),
    ...(await examineStorage(settings, store)),
    await check('model', async () => (await hashModel(modelPath ?? vendoredModel())).slice(0, 16)),
    await check('inference runtime', async () => {
      await proveModelRuns(modelPath);
      return 'loads, and embeds a word';
    }),
    ...(await examineServices(settings)),
    ...examineExposure(settings),
    ...examineWebhooks(environment),
  ];
}

function tenantCheck(settings: Config): Check {
  const { kind, key } = settings.tenant;
  const others = otherTenants(settings);
  const detail = kind === 'sandbox' ? 'sandbox, a simulated platform' : key;
  return {
    state: 'ok',
    what: 'tenant',
    detail: others.length === 0 ? detail : `${detail}; the store also has data of ${others.join(', ')}`,
  };
}
