// A real ACP agent process whose behaviour a test writes into the prompt. Run it as `node scripted-agent.ts [flags]`.
// It is no model: it does what lines of the form `script: DIRECTIVE` say, in order; several on one line are parted by ` ;; `,
// `\n` in a text is a line break and `\u{1b}` the character of that number. A prompt without any is written to NOTES.md. Where a prompt retells the job's
// history, what it was told before counts as done. The turn ends with a summary message.
//
//   write PATH <<TEXT   append PATH <<TEXT   delete PATH      change a file of the tree, shown as an edit with a diff
//   run COMMAND                                                run a shell command in the tree, shown with its output
//   next DIRECTIVE                                             do that when a prompt comes without any directive
//   when-file PATH DIRECTIVE   unless-file PATH DIRECTIVE      do that only where the tree has such a file, or has none
//   when-told WORD DIRECTIVE   unless-told WORD DIRECTIVE      do that only where the prompt, but for scripts, has that word, or not
//   say TEXT   think TEXT   stderr TEXT   plan a; b; c         talk; the plan is ticked off when the turn ends
//   title TEXT   answer TEXT                                   the summary's title; or end with just this message
//   usage USED SIZE COST   fill USED SIZE COST                 report context and money (USD); wait for the word that follows
//   ask-permission KIND PATH                                   ask; what was answered is said in the summary
//   remember WORD   recall                                     memory of the session, kept in $HOME
//   env NAME   where   settings                                tell an environment variable, the folders, mode and model
//   wait-for-steering   wait-for-file PATH                     wait; steered words are run as directives or quoted
//   hang   ignore-cancel                                       wait for ever, until cancelled; or even then
//   crash CODE   fail TEXT   stop-reason REASON   garbage [MB]  die; answer with an error; stop so; print no JSON (so much)
//   flood N                                                    send N message pieces of 1,000 characters at once
//   spawn-orphan PATH                                          leave a process behind, its id in PATH
//
// A session whose first prompt opens with `Your part: X` does only what lines of the form `script X: DIRECTIVE` say, and
// gives an honest answer of its form where there is none (scripted-agent-answers.ts). Asked for its note (`Your part:
// hand-over`) an author does what the first line `script hand-over: DIRECTIVE` of its task says, the next time the second.
//
// Flags: --steering=native|queue|none  --resume=yes|load|no  --settings=config|legacy|none  --auth-required  --slow-start
//        --banner (a line of text before the protocol)  --not-acp (text and nothing else)
//        --diligent (does whatever it was ever told once more, also what the retold history says, as a good agent sees to
//        it that all of its task is done; only for directives that may be repeated)
//
// This file only starts it: what was compiled is kept, as starting agents is a good part of what the tests cost.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/errand', import.meta.url)));
await import('./scripted-agent-process.ts');
// At once: most agents are killed in the end and would keep nothing.
flushCompileCache();
