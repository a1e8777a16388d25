// How the doctor's findings are shown: a calm aligned list for people, one JSON object a line for programs. Pure.
import { styleText } from 'node:util';
import type { Setting } from '../../config/settings.ts';
import type { Environment } from '../../config/values.ts';
import type { Finding } from './check.ts';

/** What is shown of one check. */
export type Report = Readonly<{ check: string; findings: readonly Finding[] }>;

const NAME_WIDTH = 10;
const GAP = ' '.repeat(2 + NAME_WIDTH + 1);

/** Lines for people; `colour` where the terminal shows any. */
export function formatReport({ check, findings }: Report, colour: boolean): string {
  const paint = (style: 'green' | 'red' | 'dim', text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  return findings
    .map((finding, index) => {
      const name = (index === 0 ? check : '').padEnd(NAME_WIDTH);
      const mark = finding.idle ? paint('dim', '–') : finding.ok ? paint('green', '✓') : paint('red', '✗');
      const mend = finding.mend ? `${GAP}${paint('dim', '→')} ${finding.mend}\n` : '';
      return `${mark} ${name} ${finding.say}\n${mend}`;
    })
    .join('');
}

/** Lines for programs. What is idle counts as ok and says so. */
export function formatReportJson({ check, findings }: Report): string {
  return findings.map((finding) => `${JSON.stringify({ check, ...finding })}\n`).join('');
}

/** Every setting: name, set or not, what holds when it is not. Values are never shown: some are secrets. */
export function formatSettings(settings: readonly Setting[], env: Environment): string {
  const width = Math.max(...settings.map(({ name }) => name.length));
  const fallbackWidth = Math.max(...settings.map(({ fallback }) => fallback.length));
  const row = ({ name, fallback, meaning }: Setting) =>
    `  ${name.padEnd(width)}  ${env[name] ? 'set' : '–  '}  ${fallback.padEnd(fallbackWidth)}  ${meaning}\n`;
  const head = `  ${'Setting'.padEnd(width)}       ${'When unset'.padEnd(fallbackWidth)}  Meaning\n`;
  return head + settings.map(row).join('');
}

/** The same table as findings for programs. */
export function settingFindings(settings: readonly Setting[], env: Environment): readonly Finding[] {
  return settings.map(({ name, fallback }) =>
    env[name] ? { ok: true, say: `${name} is set.` } : { ok: true, idle: true, say: `${name}: ${fallback}.` },
  );
}

/** The first line: what is left to do, and where. */
export function formatSummary(reports: readonly Report[]): string {
  const wrong = reports.map(({ check, findings }) => ({
    check,
    count: findings.filter(({ ok }) => !ok).length,
  }));
  const count = wrong.reduce((sum, one) => sum + one.count, 0);
  if (count === 0) return 'All is well: `errand start` will work.\n';
  const things = count === 1 ? 'One thing is' : `${count} things are`;
  const where = wrong.filter((one) => one.count > 0).map(({ check }) => check);
  return `${things} left to mend (✗ ${where.join(', ')}) before everything works. \`errand demo\` needs none of it.\n`;
}
