// What a migration file may say: older processes go on working while it runs and after it, and nothing is ever taken back.
// Pure; a rule's sentence is the reason for it.

type Rule = Readonly<{ breaks: RegExp; why: string }>;

const RULES: readonly Rule[] = [
  {
    breaks: /\b(?:DROP|TRUNCATE)\b/i,
    why: 'drops something that an older process may still use: leave it, and stop using it.',
  },
  {
    breaks: /\bRENAME\b/i,
    why: 'renames something under the feet of older processes: add the new name beside the old one.',
  },
  {
    breaks: /\bALTER\s+(?:COLUMN\s+)?\w+\s+(?:SET\s+DATA\s+)?TYPE\b/i,
    why: 'rewrites a table while everybody waits: add a new column.',
  },
  {
    breaks: /\bSET\s+NOT\s+NULL\b/i,
    why: 'makes older processes fail, which leave the column empty: give it a DEFAULT.',
  },
  {
    breaks: /\bADD\s+(?:COLUMN\s+)?(?!CONSTRAINT\b)(?!.*\bDEFAULT\b)[^,;]*\bNOT\s+NULL\b/is,
    why: 'adds a column that older processes do not fill: let it be NULL, or give it a DEFAULT.',
  },
  {
    breaks: /\bADD\s+(?:COLUMN\s+)?[^,;]*\bDEFAULT\s+(?:nextval|gen_random_uuid|random|clock_timestamp)\b/is,
    why: 'rewrites a table, because its DEFAULT differs from row to row: let it be NULL and fill it later.',
  },
  {
    breaks: /\bADD\s+CONSTRAINT\b(?!.*\bNOT\s+VALID\b)/is,
    why: 'reads a whole table under a lock and may refuse what older processes store: add it NOT VALID.',
  },
  {
    breaks: /\b(?:LOCK\s+TABLE|VACUUM|CLUSTER|REINDEX)\b/i,
    why: 'holds a table while everybody waits.',
  },
  {
    breaks: /^\s*(?:BEGIN|COMMIT|ROLLBACK)\s*$/i,
    why: 'ends the transaction that the file runs in: half of it could stay.',
  },
];

/** Every statement that breaks a rule, with the rule's sentence; statements about a table that the file makes are free. */
export function lintMigration(sql: string): readonly string[] {
  const statements = splitStatements(sql);
  const made = statements.flatMap((one) => /^\s*CREATE\s+TABLE\s+(\w+)/i.exec(one)?.[1] ?? []);
  return statements
    .filter((one) => !isAboutNew(one, made))
    .flatMap((one) =>
      RULES.filter(({ breaks }) => breaks.test(one)).map(
        ({ why }) => `"${one.trim().replaceAll(/\s+/g, ' ').slice(0, 80)}" ${why}`,
      ),
    );
}

function isAboutNew(statement: string, made: readonly string[]): boolean {
  const table = /^\s*(?:CREATE|ALTER)\s+TABLE\s+(?:ONLY\s+)?(\w+)/i.exec(statement)?.[1];
  return table !== undefined && made.includes(table) && !/\b(?:DROP|RENAME)\b/i.test(statement);
}

/** Without comments and without the bodies of functions, which run later. */
function splitStatements(sql: string): readonly string[] {
  const bare = sql
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''");
  return bare.split(';').filter((one) => one.trim() !== '');
}
