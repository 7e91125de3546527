# SPDX-License-Identifier: MIT
"""bash scripts: pipes, subshells, traps, arrays, here documents, process substitution, coprocesses, jobs."""

from harness import Leak, case
from known import COREUTILS

SCRIPT = r"""
set -u
trap 'echo "end with $?"' EXIT
trap 'echo "got USR1"' USR1
seq 1 5000 | while read -r n; do ((n % 97)) || echo "$n"; done | sort -rn | head -5
declare -A table; for i in {1..2000}; do table[key$((i % 300))]+="$i "; done; echo "${#table[@]} ${table[key7]}"
f() { local depth=$1; ((depth)) || { echo bottom; return 3; }; f $((depth - 1)); }; f 200; echo "returned $?"
(trap 'echo inner' EXIT; x=inside; echo "$x"; exit 4); echo "subshell $?"
diff <(seq 1 50) <(seq 2 51) | wc -l
cat <<HERE | tr a-z A-Z
here document $(echo nested "$(basename /a/b/c)")
HERE
coproc CAT { while read -r line; do echo "<$line>"; done; }
echo hello >&"${CAT[1]}"; read -r answer <&"${CAT[0]}"; echo "$answer"; exec {CAT[1]}>&-; wait
for i in 1 2 3 4 5 6; do (sleep 0.0$i; exit "$i") & pids[i]=$!; done; for i in 1 2 3 4 5 6; do wait "${pids[i]}"; echo -n "$? "; done; echo
kill -USR1 $$; echo after
text=$(printf 'line %d\n' {1..3000}); [[ $text =~ line\ (29[0-9]+) ]] && echo "${BASH_REMATCH[1]}"; echo "${#text} ${text//line/x}" | tail -c 20
mapfile -t lines <<<"$text"; echo "${#lines[@]} ${lines[-1]}"
printf '%s\n' "${lines[@]:0:200}" | xargs -n 10 -P 2 echo >/dev/null && echo xargs
eval 'g() { echo "from eval $1"; }'; g 1; unset -f g; case abcdef in a*f) echo case;; esac
select word in alpha beta; do echo "$word"; break; done <<<2 2>/dev/null
set -o pipefail; false | true; echo "pipefail $?"
yes | head -n 100000 | md5sum
exec 3<>file; echo through >&3; exec 3>&-; cat file; command -v nothing-like-this; echo "$?"
exit 6
"""


LEFT_BEHIND = "a subshell or trap ends inside of a command: bash jumps out of it (memcheck: the same blocks)"


@case(
    "bash",
    needs={"bash": "bash", "xargs": "findutils"},
    checked=["bash", "seq", "sort", "head", "tr"],
    leaks=[
        *COREUTILS,
        Leak("bash", ("set_signal *",), "the text of a trap, forgotten by a subshell that resets it or ends "
             "with it (memcheck: the same blocks)", most_bytes=500),
        Leak("bash", ("xmalloc *", "copy_command *"), f"a copied command: {LEFT_BEHIND}", most_bytes=500),
        Leak("bash", ("xmalloc *", "yyparse *"), f"a parsed command: {LEFT_BEHIND}", most_bytes=500),
    ],
)
def bash(stage):
    stage.write("script.sh", SCRIPT)
    stage.do(["bash", "script.sh"], status=6)
    stage.do(["bash", "-c", "kill -TERM $$"], status=-15)  # a signal's death keeps its status


@case("sh", needs={"dash": "dash"}, checked=["cat", "wc", "seq"])  # dash itself ends by _exit
def sh(stage):
    script = "i=0; while [ $i -lt 150 ]; do i=$((i+1)); echo $i | cat >>n; done; wc -l <n; (exit 3) || echo $?; exec echo replaced"
    stage.do(["dash", "-c", script])
    stage.do(["dash", "-c", "x=$(seq 3000); echo ${#x}; exit 2"], status=2)
