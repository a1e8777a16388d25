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

const SETTINGS_HINT =
  '`errand doctor --settings` lists every setting, what it means and whether it is set.\n';

/**
 * Prints the verdict, then one finding after another, and every setting where they are asked for; programs get them in any
 * case. Answers the exit code: 0 when nothing essential fails.
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
  if (options.write === undefined && process.stderr.isTTY) process.stderr.write('Looking …\n');
  const reports = await Promise.all(
    checks.map(async (check): Promise<Report> => ({ check: check.name, findings: await runCheck(check) })),
  );
  const settings = describeConfig();
  if (json) {
    const all = [...reports, { check: 'settings', findings: settingFindings(settings, env) }];
    write(all.map(formatReportJson).join(''));
  } else {
    const list = options.settings ? formatSettings(settings, env) : SETTINGS_HINT;
    write(`${formatSummary(reports)}\n`);
    write(reports.map((report) => formatReport(report, colour)).join(''));
    write(`\n${list}`);
  }
  return reports.every(({ findings }) => findings.every(({ ok }) => ok)) ? 0 : 1;
}
