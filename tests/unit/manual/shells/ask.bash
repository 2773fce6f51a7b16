# Prints what a completion offers, asked as Readline asks: ask.bash SCRIPT FUNCTION WORD…
source "$1"
complete_with=$2
shift 2
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
"$complete_with"
printf '%s\n' "${COMPREPLY[@]}"
