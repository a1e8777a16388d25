#!/usr/bin/env bash
# One job as a careful person would script it: fetch, a worktree, the same agent process over ACP, one commit, one push.
# usage: shell-job.sh MIRROR WORK N AGENT...
set -euo pipefail
mirror=$1 work=$2 n=$3
shift 3
tree=$work/shell-$n
# Four of these share the mirror; git itself does not keep them apart.
exec 9>"$mirror.lock"
flock 9
git -C "$mirror" fetch -q origin main
git -C "$mirror" worktree add -q --detach "$tree" main
flock -u 9
mkdir -p "$work/home-$n"

coproc AGENT { cd "$tree" && HOME="$work/home-$n" exec "$@"; }
ask() { printf '%s\n' "$2" >&"${AGENT[1]}"; while read -r answer <&"${AGENT[0]}"; do [[ $answer == *"\"id\":$1"[,}]* ]] && [[ $answer != *'"method"'* ]] && break; done; }
ask 1 '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":1,"clientCapabilities":{}}}'
ask 2 "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"session/new\",\"params\":{\"cwd\":\"$tree\",\"mcpServers\":[]}}"
session=$(sed -E 's/.*"sessionId":"([^"]+)".*/\1/' <<<"$answer")
ask 3 "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"session/prompt\",\"params\":{\"sessionId\":\"$session\",\"prompt\":[{\"type\":\"text\",\"text\":\"script: write out-$n.txt <<hello\"}]}}"
[[ $answer == *end_turn* ]] || { echo "the agent said: $answer" >&2; exit 1; }
kill "$AGENT_PID" && wait "$AGENT_PID" 2>/dev/null || true

git -C "$tree" add -A
git -C "$tree" -c user.name=bench -c user.email=bench@example.com commit -q -m "Job $n"
git -C "$tree" push -q origin "HEAD:refs/heads/shell/$n"
flock 9
git -C "$mirror" worktree remove --force "$tree"
