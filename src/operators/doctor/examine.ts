import { openStored } from '../../app/app.ts';
import { hashModel } from '../../compute/embedding/embedder.ts';
import { vendoredModel } from '../../compute/embedding/model.ts';
import type { Config } from '../../config.ts';
import { type Check, check } from './check.ts';
import { examineExposure, examineWebhooks } from './exposure.ts';
import { examineServices } from './platform-access.ts';
import { examineStorage } from './storage.ts';

/** Everything that the system stands on; each thing is looked at by itself, so that one that is broken hides no other. */
export async function examine(
  settings: Config,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Check[]> {
  const { tenant, modelPath } = settings;
  const { store } = openStored(settings);
  return [
    {
      state: 'ok',
      what: 'tenant',
      detail: tenant.kind === 'sandbox' ? 'sandbox: no service is configured' : tenant.key,
    },
    ...(await examineStorage(settings, store)),
    await check('model', async () => (await hashModel(modelPath ?? vendoredModel())).slice(0, 16)),
    ...(await examineServices(settings)),
    ...examineExposure(settings),
    ...examineWebhooks(environment),
  ];
}
