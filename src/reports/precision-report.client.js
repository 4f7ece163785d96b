import { dayChart } from './day-chart.client.js';
import { byId } from './element.client.js';
import { precisionChart } from './precision-chart.client.js';

/** @import { PrecisionData } from './precision-data.ts' */

/** @type {PrecisionData} */
const { triggers, days } = JSON.parse(byId('data', HTMLScriptElement).text);

if (triggers.length > 0) byId('curve-charts', HTMLElement).append(...triggers.map(precisionChart));
if (days.length > 0) byId('day-chart', HTMLElement).append(dayChart(days));
