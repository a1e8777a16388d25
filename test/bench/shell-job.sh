#!/usr/bin/env bash
# One job as a careful person would script it: fetch, a worktree, the same agent process over ACP, one commit, one push, one
# pull. The pull is asked for by bash itself, which is cheaper than curl.
# usage: PULLS=http://… TOKEN=… shell-job.sh MIRROR WORK N AGENT...
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

[[ $PULLS =~ ^http://([^:/]+):([0-9]+)(/.*)$ ]]
host=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]} path=${BASH_REMATCH[3]}
body="{\"title\":\"Job $n\",\"head\":\"shell/$n\",\"base\":\"main\"}"
exec 8<>"/dev/tcp/$host/$port"
printf 'POST %s HTTP/1.1\r\nHost: %s:%s\r\nAuthorization: Bearer %s\r\nUser-Agent: shell-job\r\nContent-Type: application/json\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' \
  "$path" "$host" "$port" "$TOKEN" "${#body}" "$body" >&8
read -r _ status _ <&8
[[ $status == 201 ]] || { echo "GitHub answered $status" >&2; exit 1; }

flock 9
git -C "$mirror" worktree remove --force "$tree"
