// errand doctor: looks at everything Errand stands on and says how to mend what is wrong. Changes nothing.

import { describeConfig } from '../config/settings.ts';
import type { Environment } from '../config/values.ts';
import { readEnvironment } from '../config.ts';
import { createLog } from '../log.ts';
import { runCheck } from './doctor/check.ts';
import { type Half, listChecks } from './doctor/checks.ts';
import {
  formatReport,
  formatReportJson,
  formatSettings,
  formatSummary,
  type Report,
  settingFindings,
} from './doctor/report.ts';

/**
 * Prints one finding after another, then every setting. Answers the exit code: 0 when nothing essential fails.
 * `env` and `write` are for tests; by default the process's own environment (with .env) and standard output.
 */
export async function runDoctor(options: {
  json: boolean;
  /** Looks only at what this half needs. */
  half?: Half | undefined;
  /** Lists every setting as well. */
  settings?: boolean;
  env?: Environment;
  write?: (text: string) => void;
}): Promise<number> {
  const { json, env = readEnvironment(), write = (text) => void process.stdout.write(text) } = options;
  const colour = options.write === undefined && process.stdout.hasColors?.() === true;
  const checks = listChecks({ env, half: options.half, log: createLog({ level: 'silent' }) });
  // All look at once; they are told in order.
  const looking = checks.map(async (check) => ({ check: check.name, findings: await runCheck(check) }));
  const reports: Report[] = [];
  for (const look of looking) {
    const report = await look;
    reports.push(report);
    write(json ? formatReportJson(report) : formatReport(report, colour));
  }
  const settings = describeConfig();
  if (json) write(formatReportJson({ check: 'settings', findings: settingFindings(settings, env) }));
  else write(`\n${formatSettings(settings, env)}\n${formatSummary(reports)}`);
  return reports.every(({ findings }) => findings.every(({ ok }) => ok)) ? 0 : 1;
}
