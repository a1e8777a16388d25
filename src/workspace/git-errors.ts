// Turns git's words on stderr into the two kinds of thrown errors. Git has no error codes: these are its stable
// phrases (LC_ALL=C) and those of curl, GitHub and GitLab. Pure.
import { diskFull, PermanentError, TransientError } from '../errors.ts';

type Failure = Readonly<{ exitCode: number; stdout: string; stderr: string }>;

const AUTHENTICATION =
  /authentication failed|could not read (username|password)|invalid username or (password|token)|error: 401/i;
const MISSING = /repository '?.*'? ?not found|error: 404|does not appear to be a git repository/i;
const FORBIDDEN = /error: 403|permission to .* denied|access denied|write access .* not granted/i;
const PASSING = [
  /could not resolve (host|proxy)/i,
  /failed to connect|couldn't connect|connection (refused|reset|timed out)|operation (too slow|timed out)/i,
  /error: (408|429|5\d\d)/i,
  /rpc failed|early eof|unexpected disconnect|the remote end hung up|empty reply from server|gnutls|ssl_error/i,
  /remote: .*(internal server error|try again)/i,
  /couldn't find remote ref/i,
  /unable to create '.*\.lock': file exists|cannot lock ref/i,
];

/** Names the failure. `command` is git's subcommand, for the message. */
export function explainGitFailure(command: string, failure: Failure): TransientError | PermanentError {
  const said = failure.stderr.trim();
  const words = lastWords(said) || `exit code ${failure.exitCode}`;
  if (AUTHENTICATION.test(said)) {
    return new PermanentError('git_auth', `The Git server did not accept our credentials: ${words}`);
  }
  if (MISSING.test(said)) {
    return new PermanentError(
      'repo_not_found',
      'The Git server does not know this repository, or hides it from us.',
    );
  }
  if (FORBIDDEN.test(said)) return new PermanentError('git_forbidden', `The Git server refused: ${words}`);
  if (PASSING.some((phrase) => phrase.test(said))) {
    return new TransientError(`The Git server did not answer (${command}): ${words}`);
  }
  if (/no space left on device|disk quota exceeded|file too large/i.test(said)) return diskFull();
  return new PermanentError('git_failed', `git ${command} failed: ${words}`);
}

/** What the server itself said (git prefixes it with `remote:`), as one text; empty when it said nothing. */
export function remoteWords(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('remote:'))
    .map((line) => line.slice('remote:'.length).replaceAll('\u001b[K', '').trim())
    .filter((line) => line !== '')
    .join('\n');
}

function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => /^(fatal|error|remote|!)/.test(line.trim()));
  return lines.slice(-3).join(' · ').slice(0, 600);
}
