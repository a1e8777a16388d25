# Searches a sandbox from inside. Prints `leak …` for each thing found, and at the end how much was searched. The words are
# places in which there must be nothing.

# Not written as one word, or it would find itself.
P=PLAN
P="${P}TED0"

has_something() {
  [ -S "$1" ] && return 0
  if [ -d "$1" ]; then
    # Programs of version managers lie in homes, too.
    [ -n "$(ls -A "$1" 2>/dev/null | grep -v -x -e bin -e opencode)" ]
  else
    [ -r "$1" ] && [ -n "$(head -c1 "$1" 2>/dev/null | od -An -c)" ]
  fi
}
for place in "$@"; do has_something "$place" && echo "leak place $place"; done

for name in SSH_AUTH_SOCK DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY XAUTHORITY XDG_RUNTIME_DIR \
  CREDENTIALS_DIRECTORY DOCKER_HOST KUBECONFIG AWS_SECRET_ACCESS_KEY DATABASE_URL GITHUB_TOKEN GITHUB_PRIVATE_KEY; do
  [ -z "$(printenv "$name")" ] || echo "leak variable $name"
done
env | grep -q "$P" && echo 'leak environment'

for file in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do
  tr '\0' '\n' <"$file" 2>/dev/null | grep -q "$P" && echo "leak process $file"
done
for root in /proc/[0-9]*/root /proc/[0-9]*/cwd; do
  has_something "$root/etc/shadow" && echo "leak through $root"
done

# The system's own folders and what version managers keep in homes are too large to look through; scripts (.ts, .sh) are
# the tests that look.
find / \( -path /proc -o -path /sys -o -path /usr -o -path /opt -o -path /nix -o -name node_modules \
  -o -name .nvm -o -name .volta -o -name .bun -o -name .deno -o -name .rustup -o -name .pyenv -o -name .rbenv \
  -o -name .asdf -o -name .sdkman -o -name go -o -name mise -o -name fnm -o -name uv -o -name pipx \) -prune \
  -o -type f ! -name '*.ts' ! -name '*.sh' -size -2000k -print0 >"$TMPDIR/all" 2>/dev/null
timeout 60 xargs -0 grep -la "$P" <"$TMPDIR/all" 2>/dev/null | sed 's/^/leak file /'
echo "searched $(tr -cd '\0' <"$TMPDIR/all" | wc -c) files and $(ls -d /proc/[0-9]* | wc -l) processes"
rm "$TMPDIR/all"
