# Prints what a completion offers: ask.zsh FOLDER LINE, where FOLDER has the script of each program as `_program`.
#
# zsh completes only in its line editor, so a second zsh runs in a terminal of its own, is typed the line and a Tab, and
# exits when it has offered something. ($0:h is the folder of this script.)
zmodload zsh/zpty
export SCRIPTS=$1 OFFERS=$(mktemp)
zpty shell zsh -f -i
zpty -w shell "source ${0:h}/terminal.zsh"
zpty -r shell output '*is ready*'
zpty -n -w shell "$2"$'\t'
while zpty -r shell output; do :; done
# Of an option that takes a value, zsh offers the equals sign, too.
sed 's/=$//' $OFFERS
rm -f $OFFERS
