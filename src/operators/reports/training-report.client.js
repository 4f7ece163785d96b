import { byId } from './element.client.js';

byId('data', HTMLScriptElement);
