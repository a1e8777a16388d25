# Runs git with what is on standard input as descriptor 3, from where the credential helper that git.ts names reads it:
# so the token stands in no environment, argument list or file, which every process of this user could read.
exec 3<&0 </dev/null
exec git "$@"
