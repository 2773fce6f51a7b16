# Prints what a completion offers: ask.fish SCRIPT LINE. Behind an equals sign, fish offers the option once more.
source $argv[1]
complete --do-complete=$argv[2] | string replace --regex '\t.*' '' | string replace --regex '^--.*=' ''
